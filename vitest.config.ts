import { defineConfig } from "vitest/config";

const isolated = { environment: "node", testTimeout: 20_000, hookTimeout: 60_000 } as const;

/** Three kinds of tests (see CONTRIBUTING.md) and the size test that `npm run check` runs alone. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...isolated,
          name: "pure",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.cluster.test.ts", "test/**/*.sandbox.test.ts", "test/size/**"],
        },
      },
      {
        test: {
          ...isolated,
          name: "cluster",
          include: ["test/**/*.cluster.test.ts"],
          globalSetup: ["test/controlplane/global-setup.ts"],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      { test: { ...isolated, name: "size", include: ["test/size/**/*.test.ts"] } },
    ],
    reporters: ["default"],
  },
});

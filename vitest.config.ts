import { join } from "node:path";
import { defineConfig } from "vitest/config";
import LongestFirst from "./test/tools/longest-first.ts";

const shared = {
  environment: "node",
  // A worker keeps what it has loaded from one file to the next: a third of the processor's time went into loading the same modules anew.
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A condition that comes true late on a busy machine is no failure; one that never does is.
  expect: { poll: { timeout: 20_000 } },
} as const;

const CLUSTER = "test/**/*.cluster.test.ts";
const SANDBOX = "test/**/*.sandbox.test.ts";
/** Runs twice: the same promises, held by the in-memory API and by the real one. */
const BOTH = "test/**/*.both.test.ts";
/** Needs the renderer of charts and kustomizations. */
const ENGINE = "test/**/*.engine.test.ts";
/** `plumb` in one file, for the processes that tests start. */
const PROGRAM = "test/program/global-setup.ts";

/** Four kinds of tests (see CONTRIBUTING.md) and the size test that `npm run check` runs alone. */
export default defineConfig({
  test: {
    // Every `plumb` that a test starts compiles the same sources: with this, a third less of the processor a start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/node-compile") },
    projects: [
      {
        test: {
          ...shared,
          name: "pure",
          include: ["test/**/*.test.ts"],
          exclude: [CLUSTER, SANDBOX, BOTH, ENGINE, "test/size/**"],
          globalSetup: [PROGRAM],
        },
      },
      {
        test: {
          ...shared,
          name: "cluster",
          include: [CLUSTER, BOTH],
          globalSetup: ["test/controlplane/global-setup.ts", "test/engine/global-setup.ts", PROGRAM],
          provide: { target: "cluster" },
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          ...shared,
          name: "sandbox",
          include: [SANDBOX, BOTH],
          globalSetup: ["test/engine/global-setup.ts", PROGRAM],
          provide: { target: "sandbox" },
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...shared,
          name: "engine",
          include: [ENGINE],
          globalSetup: ["test/engine/global-setup.ts", PROGRAM],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      { test: { ...shared, name: "size", include: ["test/size/**/*.test.ts"] } },
    ],
    // Most of the suite waits (for polls, servers, processes), so that a file a core would leave the cores idle.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    reporters: ["default"],
  },
});

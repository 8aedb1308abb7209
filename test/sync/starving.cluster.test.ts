import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap, deployment, yaml } from "../e2e/manifests.ts";
import { Loop } from "./loop.ts";

const STUCK = Array.from({ length: 5 }, (_, i) => `stuck${i}`);
const wave = (name: string) => yaml("v1", "ConfigMap", name, {}, { annotations: { "plumbline.dev/wave": "1" } });
const stuckFiles = STUCK.flatMap((name) => [
  [`${name}/first.yaml`, deployment(name)] as const,
  [`${name}/second.yaml`, wave(name)] as const,
]);

describeCluster("applications whose waves never get healthy", () => {
  test("keep no other from its pass, however few may work at once", async () => {
    await using loop = await Loop.open({
      files: { ...Object.fromEntries(stuckFiles), "web/a.yaml": configMap("a", {}) },
      concurrency: 2,
    });
    await loop.start(...STUCK.map((name) => loop.application(name)));
    for (const name of STUCK) await loop.status(name, ({ waiting }) => waiting !== undefined);
    loop.sync.setApplications([...STUCK, "web"].map((name) => loop.application(name)));
    await loop.synced("web");
    expect(STUCK.map((name) => loop.passes(`default/${name}`).length)).toEqual(STUCK.map(() => 0));
  });
});

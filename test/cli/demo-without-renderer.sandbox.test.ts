import { expect, test } from "vitest";
import { temporaryFolder } from "./run-plumb.ts";
import { pathWithGitOnly, runDemo } from "./running-demo.ts";

test("without Go plain manifests are kept, and what needs the renderer waits and says what makes it", async () => {
  const env = { PATH: pathWithGitOnly(), XDG_CACHE_HOME: temporaryFolder() };
  const { plumb } = runDemo({ args: ["--once"], env });
  const { code, stdout, stderr } = await plumb.ended;
  expect([code, stderr]).toEqual([0, expect.not.stringMatching(/ERROR/)]);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(9);
  expect(lines.at(-1)).toMatch(/rendered, .*: they wait, it could not be built: .*Go 1\.26/);
});

test("while the renderer is built everything else goes on, and the introduction says so", async () => {
  const { plumb } = runDemo({ args: ["--listen", "127.0.0.1:0"], env: { XDG_CACHE_HOME: temporaryFolder() } });
  await plumb.said(/charts {7}wait: the renderer is being built/, "stdout");
  await plumb.said(/default\/feedback {2}Unknown: the renderer is being built/, "stdout");
  await plumb.said(/default\/blog {2}Synced, Healthy/, "stdout");
  plumb.child.kill("SIGTERM");
  expect(await plumb.ended).toMatchObject({ code: 130 });
});

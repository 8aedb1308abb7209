import { chmodSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runPlumb, temporaryFolder } from "./run-plumb.ts";
import { pathWithGitOnly, runDemo } from "./running-demo.ts";

async function takenPort(): Promise<number> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test.each([
  ["--listen", "127.0.0.1:"],
  ["--git-port", ""],
  ["--kube-port", ""],
])("a port that is taken is an error, which names %s, and nothing is left", async (flag, before) => {
  const port = await takenPort();
  const { plumb, temporary } = runDemo({ args: ["--listen", "127.0.0.1:0", flag, `${before}${port}`] });
  const next = `end the other program or choose another port with ${flag}`;
  expect(await plumb.ended).toMatchObject({
    code: 2,
    stdout: "",
    stderr: `PL-LISTEN-TAKEN  127.0.0.1:${port}  another program listens there\n  next: ${next}\n`,
  });
  expect(readdirSync(temporary)).toEqual([]);
});

test("without git it says what to install", async () => {
  const { plumb } = runDemo({ env: { PATH: "/nowhere" } });
  expect(await plumb.ended).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^PL-DEMO-GIT-MISSING {2}there is no git on the PATH\n {2}next: install git/),
  });
});

test("a git without http-backend is told from none", async () => {
  const folder = join(temporaryFolder(), "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, "git"), "#!/bin/sh\nexit 1\n");
  chmodSync(join(folder, "git"), 0o755);
  const { plumb } = runDemo({ env: { PATH: folder } });
  expect(await plumb.ended).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/^PL-DEMO-GIT-MISSING {2}this git comes without `git http-backend`\n/),
  });
});

test.each(["/nowhere/at/all", "/proc"])("a temporary folder that cannot be written is an error: %s", async (TMPDIR) => {
  const { plumb } = runDemo({ env: { TMPDIR } });
  expect(await plumb.ended).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      new RegExp(`^PL-DEMO-FOLDER {2}${TMPDIR} {2}it cannot be written: .*\n {2}next: set TMPDIR`),
    ),
  });
});

test.each([
  [["--git-port", "no"], '"no" is no port'],
  [["--kube-port", "65536"], '"65536" is no port'],
  [["--control-plane", "--kube-port", "1"], "the control plane finds its port by itself"],
])("%j is a usage error", async (args, message) => {
  expect(await runPlumb(["demo", ...args])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`PL-USAGE  ${args.at(-2)}  ${message}`),
  });
});

test("--control-plane where it cannot be built says why", async () => {
  const env = { PATH: pathWithGitOnly(), PLUMB_CONTROLPLANE_CACHE: temporaryFolder(), KUBEBUILDER_ASSETS: "" };
  const { plumb } = runDemo({ args: ["--control-plane"], env });
  expect(await plumb.ended).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(
      /^controlplane: no etcd.*install Go.*\nPL-DEMO-CONTROL-PLANE {2}it ended before it was up/,
    ),
  });
});

test("a proxy that the environment names has no say", async () => {
  const away = "http://127.0.0.1:1";
  const { plumb } = runDemo({ args: ["--once"], env: { HTTP_PROXY: away, http_proxy: away } });
  expect(await plumb.ended).toMatchObject({ code: 0 });
});

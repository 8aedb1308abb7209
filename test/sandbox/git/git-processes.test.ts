import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { GIT_ENVIRONMENT, type GitServer, runGit, startGitServer } from "../../../src/sandbox/index.ts";

interface Stuck {
  readonly server: GitServer;
  readonly client: ChildProcess;
  /** Of the hook that never ends. */
  readonly pid: number;
}

/** A push that Git never comes to an end with, since a hook of the repository does not. */
async function stuckPush(): Promise<Stuck> {
  const root = mkdtempSync(join(tmpdir(), "plumbline-stuck-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const server = await startGitServer({ root });
  onTestFinished(() => server.stop());
  mkdirSync(join(root, "files"));
  await server.createRepository("apps", join(root, "files"));
  mkdirSync(join(root, "apps.git/hooks"), { recursive: true });
  const said = join(root, "pid");
  // Written in one piece: the file is there when it is whole.
  const hook = `#!/bin/sh\necho $$ > ${said}.new && mv ${said}.new ${said}\nexec sleep 600\n`;
  writeFileSync(join(root, "apps.git/hooks/pre-receive"), hook, { mode: 0o755 });
  await runGit(root, ["clone", "--quiet", server.url("apps"), "clone"]);
  const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  await runGit(join(root, "clone"), [...author, "commit", "--quiet", "--allow-empty", "--message=empty"]);
  const args = ["-C", join(root, "clone"), "push", "--quiet"];
  const client = spawn("git", args, { env: GIT_ENVIRONMENT, stdio: "ignore", detached: true });
  const pid = await vi.waitFor(() => Number(readFileSync(said, "utf8")), { timeout: 10_000 });
  return { server, client, pid };
}

async function expectEnded(pid: number): Promise<void> {
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 10_000 });
}

test("stop ends what Git has running", async () => {
  const { server, pid } = await stuckPush();
  await server.stop();
  await expectEnded(pid);
});

test("a client that goes takes what Git runs for it along", async () => {
  const { client, pid } = await stuckPush();
  // `git push` has a program for HTTP: the group is both.
  process.kill(-(client.pid ?? 0), "SIGKILL");
  await expectEnded(pid);
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { endGroup } from "../../../src/sandbox/git/process-group.ts";

/** Its first line is the process id of a program that it started, and that outlives it. */
const PARENT = "sleep 60 & echo $!; wait";

test("a group ends with all that its first process started", async () => {
  const child = spawn("sh", ["-c", PARENT], { stdio: ["ignore", "pipe", "ignore"], detached: true });
  const [line] = await once(child.stdout, "data");
  endGroup(child);
  expect(await once(child, "exit")).toEqual([null, "SIGTERM"]);
  await vi.waitFor(() => expect(() => process.kill(Number(String(line)), 0)).toThrow("ESRCH"), { timeout: 10_000 });
});

test("processes that Node has reaped and not told of yet are no error", async () => {
  const children = [0, 1].map(() => spawn("true", { stdio: "ignore", detached: true }));
  // Both are heard of in one turn of the loop: the other's exit code is still to come when the first one's event is there.
  const told = children.map(async (child) => {
    await new Promise<void>((resolve) =>
      child.once("exit", () => {
        for (const each of children) endGroup(each);
        resolve();
      }),
    );
  });
  while (!children.every(({ pid }) => readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ")));
  await Promise.all(told);
});

test("a process that never started has no group", async () => {
  const child = spawn("/nowhere/at/all", { stdio: "ignore", detached: true });
  endGroup(child);
  await once(child, "error");
});

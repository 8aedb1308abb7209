import { once } from "node:events";
import { readdirSync, watch } from "node:fs";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { runDemo, startedDemo } from "./running-demo.ts";

/** Whether somebody listens at each of the addresses that the introduction names. */
async function openPorts(introduction: string): Promise<number[]> {
  const ports = [...introduction.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
  const open = await Promise.all(
    [...new Set(ports)].map(async (port) => {
      const socket = connect(port, "127.0.0.1");
      const isOpen = await once(socket, "connect").then(
        () => true,
        () => false,
      );
      socket.destroy();
      return isOpen ? [port] : [];
    }),
  );
  return open.flat();
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s ends it with 130, and nothing is left", async (signal) => {
  const { plumb, temporary } = await startedDemo();
  expect(await openPorts(plumb.stdout)).toHaveLength(3);
  expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^plumb-demo-/)]);
  plumb.child.kill(signal);
  // As npm does, which passes on what the terminal has sent already.
  plumb.child.kill(signal);
  expect(await plumb.ended).toMatchObject({ code: 130, stderr: "" });
  expect(await openPorts(plumb.stdout)).toEqual([]);
  expect(readdirSync(temporary)).toEqual([]);
});

test("an interrupt while it starts leaves nothing either", async () => {
  const { plumb, temporary } = runDemo({ args: ["--listen", "127.0.0.1:0"] });
  const watcher = watch(temporary);
  await once(watcher, "change");
  watcher.close();
  plumb.child.kill("SIGINT");
  expect(await plumb.ended).toMatchObject({ code: 130, stdout: "", stderr: "" });
  expect(readdirSync(temporary)).toEqual([]);
});

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { abortable } from "../../kit/abortable.ts";
import { isJsonObject, PlumblineError } from "../../model/index.ts";
import type { DemoKubernetes, DemoParts } from "./demo-parts.ts";

/** Only a clone of the repository has it. */
const MAIN = new URL("../../../test/controlplane/main.ts", import.meta.url);

/**
 * The real control plane, as a process that ends when its input does: so nothing of it is left, in whatever way the demo ends.
 * Errors: PL-DEMO-CONTROL-PLANE.
 */
export async function startControlPlane({ cleanups, signal }: Omit<DemoParts, "folder">): Promise<DemoKubernetes> {
  const main = fileURLToPath(MAIN);
  if (!existsSync(main)) throw unavailable("only a clone of the repository can make one, and this is none", main);
  // Not of this group: ^C is for the demo, which ends Plumbline before its cluster.
  const child = spawn(process.execPath, [main, "run", "--controllers"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const ended = once(child, "close");
  cleanups.push(async () => {
    child.stdin.end();
    await ended;
  });
  const line = await abortable(firstLine(child, ended), signal);
  const up: unknown = JSON.parse(line);
  if (!isJsonObject(up) || typeof up["kubeconfigPath"] !== "string" || typeof up["server"] !== "string") {
    throw unavailable("its answer is not understood", line);
  }
  return { words: "a real kube-apiserver", url: up["server"], kubeconfig: up["kubeconfigPath"] };
}

async function firstLine({ stdout }: ChildProcess, ended: Promise<unknown>): Promise<string> {
  if (stdout === null) throw unavailable("it says nothing");
  const lines = createInterface(stdout);
  const first = await Promise.race([once(lines, "line"), ended.then(() => [])]);
  const [line] = first;
  if (typeof line === "string") return line;
  throw unavailable("it ended before it was up; the lines above say why");
}

function unavailable(message: string, where?: string): PlumblineError {
  return new PlumblineError("PL-DEMO-CONTROL-PLANE", { message, ...(where === undefined ? {} : { where }) });
}

import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { logTail, ProgramFailed, type ProgramProcess } from "./program-process.ts";
import { askServer, type ServerAccess } from "./server-request.ts";

const ASK_EVERY_MS = 25;
const DEADLINE_MS = 90_000;

/**
 * Asks `ready` until it says yes. Throws ProgramFailed, with the end of the log, when the program ends meanwhile or the
 * deadline passes.
 */
export async function waitUntilReady(program: ProgramProcess, ready: () => Promise<boolean>): Promise<void> {
  let ended = false;
  void program.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await ready())) {
    if (ended) throw new ProgramFailed(`${program.name} ended while it started:\n${logTail(program)}`);
    if (Date.now() > deadline) {
      throw new ProgramFailed(`${program.name} was not ready after ${DEADLINE_MS / 1000} s:\n${logTail(program)}`);
    }
    await sleep(ASK_EVERY_MS);
  }
}

/** Ready means: every post-start hook is through, and the namespace that everybody starts with exists. */
export async function apiserverIsReady(access: ServerAccess): Promise<boolean> {
  if (!existsSync(access.caFile)) return false;
  return (await answersOk(access, "/readyz")) && (await answersOk(access, "/api/v1/namespaces/default"));
}

async function answersOk(access: ServerAccess, path: string): Promise<boolean> {
  try {
    return (await askServer(access, path)).status === 200;
  } catch {
    return false; // not listening yet, or the certificate is half written: asked again
  }
}

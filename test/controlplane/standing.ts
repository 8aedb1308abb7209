import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "./cache.ts";
import { launchPatiently } from "./control-plane.ts";
import { isAlive } from "./lock.ts";
import { type ProcessEntry, programsOf } from "./process-list.ts";
import type { Programs } from "./programs.ts";

/** The control plane that `up` starts and that stays until `down`: where it is, and its processes. */
export interface Standing {
  readonly kubeconfigPath: string;
  readonly server: string;
  readonly dir: string;
  readonly programs: readonly ProcessEntry[];
}

const folder = () => join(cacheRoot(), "up");
const stateFile = () => join(folder(), "state.json");

/** Starts it, detached. There must be none: ask readStanding() before. */
export async function bringUp(programs: Programs, controllers: boolean): Promise<Standing> {
  await mkdir(folder(), { recursive: true });
  const launched = await launchPatiently({
    programs,
    controllers,
    auditLog: false,
    users: [],
    detached: true,
    parent: folder(),
  });
  const { kubeconfigPath, server, dir } = launched.address;
  const running = [...launched.running.values()].map(({ name, pid }) => ({ name, pid }));
  const standing = { kubeconfigPath, server, dir, programs: running };
  await writeFile(stateFile(), JSON.stringify(standing, null, 2));
  return standing;
}

/** Ends its processes and removes its data; returns what was ended. */
export async function bringDown(): Promise<readonly ProcessEntry[]> {
  const standing = await readStanding();
  if (standing === undefined) return [];
  const alive = await programsOf(standing.dir, standing.programs);
  for (const { pid } of alive) process.kill(pid, "SIGKILL");
  await rm(standing.dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  await rm(stateFile(), { force: true });
  return alive;
}

/** What stands, with those of its processes that are alive; undefined when nothing was brought up. */
export async function readStanding(): Promise<Standing | undefined> {
  if (!existsSync(stateFile())) return undefined;
  const standing: Standing = JSON.parse(await readFile(stateFile(), "utf8"));
  const programs = standing.programs.filter(({ pid }) => isAlive(pid));
  return { ...standing, programs: await programsOf(standing.dir, programs) };
}

import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildFolder, type Environment } from "./cache.ts";

/** etcd, the API server and the client: enough for all but rollouts. */
const SERVER_FILES = ["etcd", "kube-apiserver", "kubectl"] as const;
/** What makes Deployments roll out: controllers, a scheduler, and kwok with the life stages of Nodes and Pods. */
const CONTROLLER_FILES = ["kube-controller-manager", "kube-scheduler", "kwok", "kwok-stages.yaml"] as const;

export type ProgramName = (typeof SERVER_FILES)[number] | (typeof CONTROLLER_FILES)[number];
export type Programs = ReadonlyMap<ProgramName, string>;

export interface Wanted {
  /** Also kube-controller-manager, kube-scheduler and kwok. Default false. */
  readonly controllers?: boolean;
}

export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

function wantedFiles(wanted: Wanted): readonly ProgramName[] {
  return wanted.controllers ? [...SERVER_FILES, ...CONTROLLER_FILES] : SERVER_FILES;
}

/** Files that are there already: those of KUBEBUILDER_ASSETS first, then those of our own build. */
export function findPrograms(env: Environment = process.env): Programs {
  const folders = [env["KUBEBUILDER_ASSETS"], buildFolder(env)].filter((folder) => folder !== undefined);
  const found = new Map<ProgramName, string>();
  for (const name of wantedFiles({ controllers: true })) {
    const path = folders.map((folder) => join(folder, name)).find((candidate) => existsSync(candidate));
    if (path !== undefined) found.set(name, path);
  }
  return found;
}

export function missingFiles(programs: Programs, wanted: Wanted): readonly ProgramName[] {
  return wantedFiles(wanted).filter((name) => !programs.has(name));
}

/** Path of a program that was checked to be there; throws with its name when it is not. */
export function programPath(programs: Programs, name: ProgramName): string {
  const path = programs.get(name);
  if (path === undefined)
    throw new Error(`the control plane's ${name} is missing: run \`npm run controlplane -- build\``);
  return path;
}

/** Whether a control plane can be started here, be it after a build; if not, the reason tells how to get one. */
export function controlPlaneAvailability(wanted: Wanted = {}, env: Environment = process.env): Availability {
  const missing = missingFiles(findPrograms(env), wanted);
  if (missing.length === 0 || goCommand(env) !== undefined) return { available: true };
  return {
    available: false,
    reason:
      `no ${missing.join(", ")}: install Go 1.26 (they are then built from source, once), ` +
      "or point KUBEBUILDER_ASSETS at a folder with these files",
  };
}

/** Path of the `go` command on PATH, or undefined. */
export function goCommand(env: Environment = process.env): string | undefined {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, "go")).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false; // not there or not ours to run: both mean "look further"
  }
}

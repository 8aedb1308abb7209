import { spawn } from "node:child_process";
import { once } from "node:events";
import { buffer, text } from "node:stream/consumers";

export interface Answer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface Place {
  /** Everything that the program keeps, looks for or is configured by is looked for below. */
  readonly home: string;
  readonly cwd: string;
}

/** Runs a program with nothing of the caller's environment but a clean home: no cluster, no plugins, no kept repositories. */
export async function runProgram(path: string, args: readonly string[], { home, cwd }: Place): Promise<Answer> {
  const env = {
    HOME: home,
    TMPDIR: home,
    PATH: "",
    XDG_CACHE_HOME: `${home}/cache`,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_DATA_HOME: `${home}/data`,
    HELM_CACHE_HOME: `${home}/cache/helm`,
    HELM_CONFIG_HOME: `${home}/config/helm`,
    HELM_DATA_HOME: `${home}/data/helm`,
    KUBECONFIG: `${home}/none`,
  };
  const child = spawn(path, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([buffer(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: typeof code === "number" ? code : -1, stdout, stderr };
}

/** Runs a program that only prepares something. Throws with what it says when it fails. */
export async function mustRun(path: string, args: readonly string[], place: Place): Promise<void> {
  const { code, stderr } = await runProgram(path, args, place);
  if (code !== 0) throw new Error(`${path} ${args.join(" ")}: ${stderr}`);
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface KubectlRun {
  readonly path: string;
  readonly kubeconfig: string;
  /** Its discovery cache goes there, so that no run reads what another control plane said. */
  readonly dir: string;
  readonly args: readonly string[];
  readonly input: string | undefined;
}

/** Runs kubectl to its end. A run that a signal ended has code -1. */
export async function runKubectl({ path, kubeconfig, dir, args, input }: KubectlRun): Promise<KubectlResult> {
  const child = spawn(path, ["--kubeconfig", kubeconfig, "--cache-dir", join(dir, "kubectl-cache"), ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: dir, ...editorOf(process.env) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  // kubectl may end without reading all of its input; its exit code and stderr tell why.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code: typeof code === "number" ? code : -1, stdout, stderr };
}

/** `kubectl edit` runs this editor; a test sets KUBE_EDITOR to a command such as sed. */
function editorOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const editor = env["KUBE_EDITOR"];
  return editor === undefined ? {} : { KUBE_EDITOR: editor };
}

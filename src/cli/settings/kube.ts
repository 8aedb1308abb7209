import type { Environment } from "../host.ts";
import { nonEmpty } from "./client.ts";

interface KubeFlags {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** Which cluster is meant, as createCluster takes it: what was named for Plumbline, else $KUBECONFIG as kubectl reads it, else what the cluster room finds. */
export function kubeSettings(
  { kubeconfig, context }: KubeFlags,
  env: Environment,
): { readonly kubeconfig?: string; readonly context?: string } {
  const file = kubeconfig ?? nonEmpty(env["PLUMB_KUBECONFIG"]) ?? nonEmpty(env["KUBECONFIG"]);
  const name = context ?? nonEmpty(env["PLUMB_CONTEXT"]);
  return { ...(file === undefined ? {} : { kubeconfig: file }), ...(name === undefined ? {} : { context: name }) };
}

import type { PlumblineError } from "../model/index.ts";
import type { ServerAccess } from "./connections.ts";
import type { Credentials } from "./exec-credential.ts";
import type { KubeAccess } from "./kubeconfig.ts";

/** A cluster that somebody has declared. */
export interface ClusterDeclaration {
  readonly name: string;
  /** "file /etc/plumbline/eu.kubeconfig", "Secret plumbline-system/eu". */
  readonly declaredBy: string;
  /** The same as long as nothing of it changes. */
  readonly fingerprint: string;
  readonly way:
    | { readonly at: ServerAccess; readonly credentials: () => Promise<Credentials> }
    /** It cannot be used. */
    | { readonly error: PlumblineError };
  readonly warnings: readonly string[];
}

export function warningsOf({ cluster: { skipTLSVerify } }: KubeAccess): readonly string[] {
  if (!skipTLSVerify) return [];
  return [
    "insecure-skip-tls-verify is set: whoever stands between may read and change everything, the credentials too",
  ];
}

import type { Problem } from "./error.ts";

/** How a cluster is reached, as far as it was asked. */
export interface ClusterReach {
  /** Idle: nobody needs it, so no connection is open. Refused: it is declared in a way that cannot be used. */
  readonly state: "Answers" | "Away" | "Idle" | "Refused" | "Unasked";
  /** Since when it is in that state, ISO 8601. */
  readonly since?: string;
  /** Why it is away or refused. */
  readonly problem?: Problem;
}

/** A cluster as it is shown: no credential is in it. */
export interface ClusterStatus extends ClusterReach {
  readonly name: string;
  /** URL of the server; user and password of it are left out. */
  readonly server?: string;
  /** "v1.36.3", as it was asked last. */
  readonly version?: string;
  /** "the kubeconfig of this server", "file /etc/plumbline/eu.kubeconfig", "Secret plumbline-system/eu". */
  readonly declaredBy: string;
  readonly applications: number;
  /** Watches that are open there. */
  readonly watches: number;
  readonly warnings: readonly string[];
}

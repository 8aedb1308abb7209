import type { ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import type { ClientFlags } from "../settings/client.ts";

/** Flags of the verbs that ask a server, as commander gives them. */
export interface Flags extends ClientFlags {
  readonly namespace?: string;
  readonly sync?: string;
  readonly health?: string;
  readonly foreign?: boolean;
  readonly ended?: boolean;
  readonly colour?: "auto" | "always" | "never";
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly ref?: string;
  readonly allowPrune?: boolean;
  readonly prune?: boolean;
  readonly orphan?: boolean;
  readonly plan?: string;
  readonly follow?: boolean;
  readonly reason?: string;
  readonly for?: string;
  readonly forever?: boolean;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly releaseName?: string;
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setFile?: readonly string[];
  readonly includeCrds?: boolean;
  readonly skipCrds?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly remoteSources?: readonly string[];
}

export interface Invocation {
  readonly host: Host;
  readonly flags: Flags;
  /** The first argument; "" where the verb has none. */
  readonly arg: string;
  /** All of them. */
  readonly args: readonly string[];
}

export type Run = (invocation: Invocation) => Promise<ExitCode>;

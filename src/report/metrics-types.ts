import type { ClusterStatus, Outcome, RedisEvent, TriggerKind } from "../model/index.ts";
import type { PeerResult, ReplicaFigures } from "./replica-metrics.ts";

type PassResult = "ok" | "failed" | "cancelled" | "superseded";

interface PassEnded {
  readonly trigger: TriggerKind;
  readonly result: PassResult;
  readonly durationMs: number;
}

/** One request to the API server. `status` is the HTTP status; absent where no answer came. */
interface KubeRequest {
  readonly verb: string;
  readonly status?: number;
}

/** One request to a repository, as source's `onRequest` tells it. */
interface GitRequest {
  readonly operation: "ls-refs" | "fetch" | "clone";
  readonly ok: boolean;
}

/** What is counted, for Prometheus. No label holds the name of an application, a repository or an object; that of a cluster does. */
export interface Metrics {
  passEnded(pass: PassEnded): void;
  /** Applications that wait for a pass. */
  queueDepth(waiting: number): void;
  kubeRequest(request: KubeRequest): void;
  gitRequest(request: GitRequest): void;
  /** One object's step of an apply. */
  outcome(outcome: Outcome): void;
  /** Has the clusters counted too, from now on. */
  clusters(statuses: () => readonly ClusterStatus[]): void;
  /** Has the repositories counted too, from now on: those that this process asks, and those that another replica asks for it. */
  repositories(counts: () => { readonly own: number; readonly others: number }): void;
  redis(event: RedisEvent): void;
  /** Has this process counted among its equals, from now on; gives what counts the questions to them. */
  replicas(figures: () => ReplicaFigures): (result: PeerResult) => void;
  /** All of it in the text format that `contentType` names. */
  text(): Promise<string>;
  readonly contentType: string;
}

import type { Peers, Replica, Standing } from "../../replicas/index.ts";
import type { PeerResult } from "../../report/index.ts";
import type { Neighbour } from "../../sync/index.ts";
import type { Question } from "./question.ts";

/** What the API knows of the other replicas. Absent where there is only this process. */
export interface ReplicaFleet {
  readonly self: Replica;
  readonly peers: Peers;
  ownerOf(application: string): Replica;
  /** The others that are alive. */
  others(): readonly Replica[];
  standing(): Standing;
  /** Counts what became of a question to another. */
  counted(result: PeerResult): void;
  /** Called when one of the above may be another. */
  onChange(listener: () => void): () => void;
  /** What the others may ask of this one. */
  readonly neighbour: Neighbour;
  /** What this one knows of repositories that it asks for all. */
  readonly sources: { answer(question: Extract<Question, { ask: "refs" | "versions" }>): Promise<unknown> };
}

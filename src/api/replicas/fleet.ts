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
  /** Asks all others at once. One that does not answer is logged: what it is told comes with the next poll, too. */
  tell(question: Question): Promise<void>;
  /** What the others may ask of this one. */
  readonly neighbour: Neighbour;
}

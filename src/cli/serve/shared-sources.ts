import type { Logger } from "pino";
import { toProblem } from "../../model/index.ts";
import type { Peers, Replica, Replicas } from "../../replicas/index.ts";
import type { RepositoryOwner, SharedSources } from "../../source/index.ts";
import { askOne } from "./ask-replica.ts";

/** An owner that waits for a repository itself says so before that. */
const WAIT_MS = 3000;

type Source = Parameters<SharedSources["moved"]>[0];

interface Among {
  readonly replicas: Replicas;
  readonly peers: Peers;
  readonly log: Logger;
}

/** Each repository is asked by the replica to which its key falls. */
export class SourcesOfFleet implements SharedSources {
  readonly #among: Among;
  #listener: ((source: Source) => void) | undefined;

  constructor(among: Among) {
    this.#among = among;
  }

  ownerOf(key: string): RepositoryOwner | undefined {
    const { replicas, peers } = this.#among;
    const owner = replicas.ownerOf(key);
    if (owner.id === replicas.self.id) return undefined;
    return {
      id: owner.id,
      ask: (question) => askOne(owner, copied(question), { peers, waitMs: WAIT_MS }),
    };
  }

  onChange(listener: () => void): () => void {
    return this.#among.replicas.onChange(listener);
  }

  /** Also for this replica: what another one asked may have brought it. */
  moved(source: Source): void {
    this.#listener?.(source);
    for (const other of this.#among.replicas.others()) void this.#tell(other, source);
  }

  /** Whoever works on what is made of these repositories. */
  onMoved(listener: (source: Source) => void): void {
    this.#listener = listener;
  }

  async #tell(other: Replica, { repo, chart }: Source): Promise<void> {
    const { peers, log } = this.#among;
    try {
      await askOne(other, { ask: "moved", repo, ...(chart === undefined ? {} : { chart }) }, { peers });
    } catch (error) {
      const fields = { ...toProblem(error), replica: other.id, repo };
      log.info(fields, "another replica was not told that a repository has moved; it asks at its next interval");
    }
  }
}

type Asked = Parameters<RepositoryOwner["ask"]>[0];

/** The schema's lists are no readonly ones. */
function copied(question: Asked) {
  return question.ask === "refs"
    ? { ...question, prefixes: [...question.prefixes] }
    : { ...question, ranges: [...question.ranges] };
}

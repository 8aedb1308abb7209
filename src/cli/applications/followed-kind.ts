import type { ApiResource, Cluster } from "../../cluster/index.ts";
import { sleep } from "../../kit/sleep.ts";
import { type GroupVersionKind, type LiveObject, type Log, PlumblineError, toProblem } from "../../model/index.ts";

/** How often is looked for a definition, or a server, that was not there. */
const AGAIN_MS = 60_000;
const AGAIN_SOON_MS = 5000;

export interface FollowedKindSettings {
  readonly cluster: Cluster;
  readonly log: Log;
  readonly kind: GroupVersionKind;
  /** Every object of the kind, after each change of one of them. */
  readonly onChange: (all: readonly LiveObject[]) => void;
  /** The cluster was asked, and does not know the kind; why, in a sentence. */
  readonly onAbsent?: (why: string) => void;
  /** It was asked, and does not let us see the kind. */
  readonly onForbidden?: (why: string) => void;
}

/** All objects of one kind. Where the cluster does not know it, nothing is said, and it is looked for again now and then. */
export class FollowedKind {
  readonly #settings: FollowedKindSettings;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | undefined;

  constructor(settings: FollowedKindSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Says what there is once more: somebody may make something else of it now. */
  retell(): void {
    if (this.#unsubscribe !== undefined) this.#changed();
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
    this.#unsubscribe?.();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { cluster, log, kind, onAbsent, onForbidden } = this.#settings;
    while (!signal.aborted) {
      try {
        return await this.#follow(await cluster.resource(kind, signal), signal);
      } catch (error) {
        const problem = toProblem(error);
        const isAbsent = problem.code.startsWith("PL-KIND-");
        if (!signal.aborted) log.debug({ ...problem }, `${kind.kind} objects are not read`);
        if (!signal.aborted && isAbsent) onAbsent?.(`the cluster does not know the kind ${kind.kind}`);
        if (!signal.aborted && problem.code === "PL-KUBE-FORBIDDEN") onForbidden?.(problem.message);
        await sleep(isAbsent ? AGAIN_MS : AGAIN_SOON_MS, signal).catch(() => {});
      }
    }
  }

  async #follow(resource: ApiResource, signal: AbortSignal): Promise<void> {
    const { cluster, log, kind } = this.#settings;
    await cluster.live.follow(resource, "all", { signal });
    this.#unsubscribe = cluster.live.onChange(({ ref }) => {
      if (ref.kind === kind.kind && ref.group === kind.group) this.#changed();
    });
    log.debug({}, `${kind.kind} objects of the cluster are followed`);
    this.#changed();
  }

  #changed(): void {
    const { cluster, kind, onChange } = this.#settings;
    onChange(cluster.live.all(kind));
  }
}

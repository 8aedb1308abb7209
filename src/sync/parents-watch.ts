import type { Cluster } from "../cluster/index.ts";
import { sleep } from "../kit/sleep.ts";
import {
  APPLICATION_ANNOTATION,
  APPLYSET_ID_LABEL,
  DELETE_ANNOTATION,
  type LiveObject,
  toProblem,
} from "../model/index.ts";
import { applySetId, scopeOf } from "../plan/index.ts";
import type { KnownParent } from "./departure.ts";
import type { SyncSettings } from "./types.ts";

interface ParentsWatchParts {
  readonly settings: SyncSettings;
  readonly inventoryNamespace: string;
  readonly stopping: AbortSignal;
  readonly onChange: () => void;
}

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" } as const;
const AGAIN_MS = 10_000;
/** A fleet that is written changes many parents at once, and each judgement looks at all of them. */
const GATHERING_MS = 300;

/** Follows the parents of all applications, also of those that nobody declares. Where that is not possible nothing is known, and nobody leaves. */
export class ParentsWatch {
  readonly #parts: ParentsWatchParts;
  #unsubscribe: (() => void) | undefined;
  #started = false;
  #followed = false;
  #due: NodeJS.Timeout | undefined;

  constructor(parts: ParentsWatchParts) {
    this.#parts = parts;
  }

  get isFollowed(): boolean {
    return this.#followed;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    void this.#follow();
  }

  stop(): void {
    this.#unsubscribe?.();
    clearTimeout(this.#due);
  }

  async #follow(): Promise<void> {
    const { settings, stopping, onChange } = this.#parts;
    const { cluster, log } = settings;
    while (!stopping.aborted) {
      try {
        await cluster.live.follow(await cluster.resource(CONFIG_MAP, stopping), "parents", stopping);
        this.#followed = true;
        this.#unsubscribe = cluster.live.onChange(({ object }) => {
          if (this.#isParent(object)) this.#tellSoon();
        });
        return onChange();
      } catch (error) {
        if (!stopping.aborted) log.debug({ ...toProblem(error) }, "the inventories cannot be followed");
        await sleep(AGAIN_MS, stopping).catch(() => {});
      }
    }
  }

  #tellSoon(): void {
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#parts.onChange();
    }, GATHERING_MS);
  }

  #isParent({ kind, metadata }: LiveObject): boolean {
    const { inventoryNamespace } = this.#parts;
    return (
      kind === CONFIG_MAP.kind &&
      metadata.namespace === inventoryNamespace &&
      APPLYSET_ID_LABEL in (metadata.labels ?? {})
    );
  }
}

/** The parents that are there, each of them the one of the application that it names. */
export function knownParents(cluster: Pick<Cluster, "live">, inventoryNamespace: string): KnownParent[] {
  return cluster.live.all(CONFIG_MAP).flatMap((parent) => {
    const { namespace, labels = {}, annotations = {}, deletionTimestamp } = parent.metadata;
    const application = annotations[APPLICATION_ANNOTATION];
    if (namespace !== inventoryNamespace || application === undefined || deletionTimestamp !== undefined) return [];
    if (labels[APPLYSET_ID_LABEL] !== applySetId(application, inventoryNamespace)) return [];
    const wish = annotations[DELETE_ANNOTATION];
    const asked = wish === "prune" || wish === "orphan" ? wish : undefined;
    return [{ application, declaration: scopeOf(parent).declaration, asked }];
  });
}

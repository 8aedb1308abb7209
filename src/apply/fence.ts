import type { ApplyResult, Cluster } from "../cluster/index.ts";
import {
  formatRef,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
} from "../model/index.ts";
import type { GraphNode } from "../plan/index.ts";
import { isSameWriter, nextWriter, type Writer, writerOn, writtenBy } from "../plan/index.ts";
import { patiently } from "./patience.ts";

export interface FenceParts {
  /** Names this replica and its term. */
  readonly token: string;
  readonly cluster: Pick<Cluster, "get" | "live">;
  /** The ApplySet parent. */
  readonly parent: Ref;
  /** A parent that is not there is made; else it has gone because all is done. */
  readonly makesParent: boolean;
  readonly signal: AbortSignal;
}

/** The parent as it was seen last. */
interface Seen {
  readonly writer: Writer | undefined;
  /** Undefined where there was none. */
  readonly resourceVersion: string | undefined;
}

const NOWHERE: Seen = { writer: undefined, resourceVersion: undefined };
/** No object has this version, so that it fits only where there is none: an apply that names it makes, and never changes. */
const NONE_YET = "1";
/** The parent is changed by people, too. */
const MOST_TRIES = 5;

/**
 * One writer an application, where more than one process may be. The parent says who: whoever begins to write takes it, by an apply for exactly the version
 * that he has seen, so that of two one wins; every later write of the parent is for a version on which he still stands. Before each stage it is read from the
 * server, and by its watch all the time: another writer on it ends everything at once.
 */
export class Fence {
  readonly #parts: FenceParts;
  readonly #lost = new AbortController();
  readonly #stages = new Map<string, Promise<void>>();
  readonly #unsubscribe: () => void;
  #seen: Seen | undefined;
  /** The parent was just written, or read: it needs no other look before the first stage. */
  #fresh = false;
  #taken = false;

  constructor(parts: FenceParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.cluster.live.onChange(({ ref, object, type }) => {
      if (!this.#taken || refKey(ref) !== refKey(parts.parent)) return;
      if (type === "gone" || !isSameWriter(writerOn(object), this.#seen?.writer)) this.#end(writerOn(object));
    });
  }

  /** Aborted with PL-FENCED when somebody else has it. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  close(): void {
    this.#unsubscribe();
  }

  /** Does the parent, as it is known here, say that it is ours. */
  get isOurs(): boolean {
    const { cluster, parent, token } = this.#parts;
    this.#seen ??= seenOf(cluster.live.get(parent));
    return this.#seen?.writer?.token === token;
  }

  /** Writes the parent, and takes it where it is not ours yet. Errors: PL-FENCED where somebody else has taken it since it was seen; those of `send`. */
  async write(object: KubeObject, send: (object: KubeObject) => Promise<ApplyResult>): Promise<void> {
    for (let tries = 1; ; tries++) {
      if (!this.isOurs) this.#seen ??= await this.#look();
      const seen = this.#seen ?? NOWHERE;
      if (seen.resourceVersion === undefined && !this.#parts.makesParent) throw this.#end(undefined);
      const writer = nextWriter(seen.writer, this.#parts.token);
      const { resourceVersion = NONE_YET } = seen;
      try {
        const marked = writtenBy(object, writer);
        const { object: now } = await send({ ...marked, metadata: { ...marked.metadata, resourceVersion } });
        this.#seen = { writer, resourceVersion: now.metadata.resourceVersion };
        this.#fresh = true;
        this.#taken = true;
        return;
      } catch (error) {
        if (!isConflict(error) || tries === MOST_TRIES) throw error;
        await this.#lookWhoHasIt(seen.writer, writer);
      }
    }
  }

  /** Errors: PL-FENCED where the parent, as the server has it now, does not say that it is ours; PL-KUBE-* where that cannot be told. */
  async check(): Promise<void> {
    if (!this.isOurs) throw this.#end(this.#seen?.writer);
    await this.#lookWhoHasIt(this.#seen?.writer);
    this.#taken = true;
    this.#fresh = true;
  }

  /** Before a node writes: once a stage, but for the first after the parent was written. */
  async before({ phase, wave, stage }: GraphNode): Promise<void> {
    const key = `${phase}/${wave}/${stage}`;
    let checked = this.#stages.get(key);
    if (checked === undefined) {
      checked = this.#fresh ? Promise.resolve() : this.check();
      this.#stages.set(key, checked);
    }
    await checked;
    this.#fresh = false;
  }

  async #lookWhoHasIt(...ours: readonly (Writer | undefined)[]): Promise<void> {
    const now = await this.#look();
    const isGone = now.resourceVersion === undefined && this.#seen?.resourceVersion !== undefined;
    if (isGone || !ours.some((one) => isSameWriter(one, now.writer))) throw this.#end(now.writer);
    this.#seen = now;
  }

  async #look(): Promise<Seen> {
    const { cluster, parent, signal } = this.#parts;
    const now = await patiently(signal, () => cluster.get(parent, signal));
    return seenOf(now) ?? NOWHERE;
  }

  /** A write was refused, since the right to write is over: so is everything else. */
  end({ code, ...problem }: Problem): void {
    this.#lost.abort(new PlumblineError(code, problem));
  }

  #end(writer: Writer | undefined): PlumblineError {
    const { parent, token } = this.#parts;
    const now = writer === undefined ? "nobody" : `${writer.token} (number ${writer.number})`;
    const mine = this.#seen?.writer?.token === token ? ` (number ${this.#seen.writer.number})` : "";
    const message = `${formatRef(parent)} says that ${now} writes now, and no longer ${token}${mine}; nothing more is written by this pass`;
    const error = new PlumblineError("PL-FENCED", { message, where: formatRef(parent) });
    this.#lost.abort(error);
    return error;
  }
}

function seenOf(parent: LiveObject | undefined): Seen | undefined {
  if (parent === undefined) return undefined;
  return { writer: writerOn(parent), resourceVersion: parent.metadata.resourceVersion };
}

function isConflict(error: unknown): boolean {
  return error instanceof PlumblineError && error.code === "PL-KUBE-CONFLICT";
}

import { type Log, PlumblineError } from "../../../src/model/index.ts";
import type {
  SharedSources,
  SourceName,
  SourceQuestion,
  SourceSettings,
  SourceStore,
} from "../../../src/source/index.ts";
import { recordingLog, sourceStore } from "../workbench.ts";

/** One replica's sources, and what passes between it and the others. */
export interface StoreReplica {
  readonly id: string;
  readonly store: SourceStore;
  /** What it was asked by others. */
  readonly questions: SourceQuestion[];
  /** What it was told of by whoever asks for all. */
  readonly heard: SourceName[];
  readonly logged: () => string;
  /** It has just said so to the others. */
  onMoved: () => void;
  /** It answers nobody. */
  isAway: boolean;
  /** What becomes of its answers on their way. */
  spoil: (answer: object) => unknown;
  /** Whom it takes for the one that asks for all; undefined: the fleet's. */
  believes: string | undefined;
}

/** Some replicas that share all repositories, with JSON between them; one of them asks for all. */
export class StoreFleet {
  readonly #replicas = new Map<string, StoreReplica>();
  readonly #listeners = new Set<() => void>();
  #owner: string;

  private constructor(owner: string) {
    this.#owner = owner;
  }

  /** The first one asks for all. */
  static async open(ids: readonly [string, ...string[]], settings: Partial<SourceSettings> = {}): Promise<StoreFleet> {
    const fleet = new StoreFleet(ids[0]);
    for (const id of ids) await fleet.join(id, settings);
    return fleet;
  }

  of(id: string): StoreReplica {
    const replica = this.#replicas.get(id);
    if (replica === undefined) throw new Error(`there is no replica ${id}`);
    return replica;
  }

  /** From now on this one asks for all. */
  divide(owner: string): void {
    this.#owner = owner;
    for (const listener of this.#listeners) listener();
  }

  /** Called when another one asks for all. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One more, which knows nothing yet. */
  async join(id: string, settings: Partial<SourceSettings> = {}): Promise<StoreReplica> {
    const { log, text } = recordingLog();
    const store = await sourceStore({ ...settings, log: settings.log ?? (log as Log), shared: this.#shared(id) });
    const rest = { onMoved: () => {}, isAway: false, spoil: (answer: object): unknown => answer, believes: undefined };
    this.#replicas.set(id, { id, store, questions: [], heard: [], logged: text, ...rest });
    return this.of(id);
  }

  #shared(self: string): SharedSources {
    return {
      ownerOf: () => {
        const id = this.#replicas.get(self)?.believes ?? this.#owner;
        return id === self ? undefined : { id, ask: (question) => this.#ask(id, question) };
      },
      onChange: (listener) => this.onChange(listener),
      moved: (source) => {
        for (const { id, heard } of this.#replicas.values()) if (id !== self) heard.push(source);
        this.of(self).onMoved();
      },
    };
  }

  async #ask(id: string, question: SourceQuestion): Promise<unknown> {
    const { store, questions, isAway, spoil } = this.of(id);
    if (isAway) throw new PlumblineError("PL-REPLICA-AWAY", { message: `replica ${id} does not answer` });
    const sent = JSON.parse(JSON.stringify(question)) as SourceQuestion;
    questions.push(sent);
    return JSON.parse(JSON.stringify(spoil(await store.answer(sent))));
  }
}

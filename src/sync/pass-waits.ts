import type { ApplyEvent, Waiting } from "../apply/index.ts";
import { type ApplicationStatus, formatRef, type Ref, refKey } from "../model/index.ts";
import { timedSentence } from "../report/index.ts";
import { lookForEvidence } from "./evidence.ts";
import type { PassInput } from "./pass-input.ts";
import type { RenderedAt } from "./running-pass.ts";
import type { Wait } from "./waits.ts";

/** What is waited for longer than this is looked at more closely, and again after as long. Milliseconds. */
const LONG_MS = 30_000;

/** What the objects of a pass wait for, told while it goes on: in the status, in events, and to the loop. */
export class PassWaits {
  readonly #input: PassInput;
  /** What is known of the application beside. */
  readonly #first: ApplicationStatus;
  readonly #at: RenderedAt;
  /** By refKey, in the order in which they began. */
  readonly #waiting = new Map<string, Waiting>();
  /** All that ever waited, by their names. */
  readonly #seen = new Map<string, Ref>();
  readonly #longWaits: NodeJS.Timeout;
  #toShow: NodeJS.Immediate | undefined;

  constructor(input: PassInput, first: ApplicationStatus, at: RenderedAt) {
    this.#input = input;
    this.#first = first;
    this.#at = at;
    const { longWaitMs = LONG_MS } = input.settings;
    this.#longWaits = setInterval(() => void this.#lookCloser(longWaitMs), longWaitMs).unref();
  }

  /** Those that wait now; after the end those that waited then. */
  get stuck(): readonly Ref[] {
    return [...this.#waiting.values()].map(({ ref, on }) => on ?? ref);
  }

  /** The object of this name, if it ever waited. */
  readonly named = (name: string | undefined): Ref | undefined =>
    name === undefined ? undefined : this.#seen.get(name);

  heed(event: ApplyEvent): void {
    if (event.type === "inventory") return;
    const { running, signal } = this.#input;
    if (event.type === "waiting") {
      this.#waiting.set(refKey(event.ref), event);
      this.#seen.set(formatRef(event.ref), event.ref);
    } else {
      // What is given up at the end is what the pass waited for.
      const isOver = signal.aborted || running?.ending.aborted === true;
      const ref = event.type === "step" ? event.outcome.ref : event.ref;
      if (isOver || !this.#waiting.delete(refKey(ref))) return;
    }
    const [first] = this.#waiting.values();
    this.#input.steps.waitsFor(first && sentenceOfWait(first));
    if (first === undefined) running?.goesOn();
    else running?.waits(this.#at);
    this.#showSoon();
  }

  end(): void {
    clearInterval(this.#longWaits);
    clearImmediate(this.#toShow);
  }

  /** Once for all that is said at one time: a status is made of every object. */
  #showSoon(): void {
    this.#toShow ??= setImmediate(() => {
      this.#toShow = undefined;
      this.#show();
    });
  }

  #show(): void {
    const { progress, memory } = this.#input;
    const resources = this.#first.resources.map((resource) => {
      const key = refKey(resource.ref);
      const wait = this.#waiting.get(key);
      const evidence = memory.objects.get(key)?.evidence;
      const says = wait && { waiting: wait.message, waitingSince: timeText(wait.since) };
      return { ...resource, ...says, ...(evidence === undefined ? {} : { evidence }) };
    });
    const [first] = this.#waiting.values();
    const own = first && { waiting: sentenceOfWait(first), waitingSince: timeText(first.since) };
    progress({ ...this.#first, resources, ...own });
    tellWaits(this.#input, this.#toTell());
  }

  /** Of an object for which others wait, they tell. */
  #toTell(): readonly Wait[] {
    const waits = [...this.#waiting.values()];
    const all = [...new Set(waits.map(({ message }) => message))].join("\n");
    const told = waits.filter((wait) => !saysOfItself(wait) || !all.includes(` for ${formatRef(wait.ref)}`));
    return told.map((wait) => ({ sentence: sentenceOfWait(wait), since: timeText(wait.since), ref: wait.ref }));
  }

  async #lookCloser(longMs: number): Promise<void> {
    const { now } = this.#input;
    const long = [...this.#waiting.values()].filter(({ since }) => now() - since >= longMs);
    if (long.length === 0) return;
    await lookForEvidence(
      this.#input,
      long.map(({ ref, on }) => on ?? ref),
    );
    this.#showSoon();
  }
}

/** Of the application: what an object says of itself gets its name. */
export function sentenceOfWait({ ref, message }: Waiting): string {
  return saysOfItself({ message }) ? `${formatRef(ref)} ${message}` : message;
}

function saysOfItself({ message }: Pick<Waiting, "message">): boolean {
  return message.startsWith("waits to be ");
}

/** Events of what waits: those that were not told yet, or say something else by now. */
export function tellWaits({ name, memory, settings, now }: PassInput, waits: readonly Wait[]): void {
  for (const { sentence, since, ref } of memory.toldWaits.news(waits, now())) {
    const message = timedSentence(sentence, since, now());
    const about = ref === undefined ? {} : { ref };
    settings.report.event({ application: name, type: "Normal", reason: "Waiting", message, ...about });
  }
}

function timeText(ms: number): string {
  return new Date(ms).toISOString();
}

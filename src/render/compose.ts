import { EVENT_ID, type Event, getScalarValue, type MappingEvent, type ScalarEvent, type SequenceEvent } from "js-yaml";
import type { Json } from "../model/index.ts";
import { type Anchor, createAnchors } from "./anchors.ts";
import { mergeInto } from "./merge.ts";
import type { Located, Piece, Reading } from "./reading.ts";
import { scalarOf, textOfKey } from "./tagged-scalar.ts";

/** A value under construction. `key` waits for its value; `merged` are the keys that came through `<<` and may be overridden. */
interface Frame {
  readonly list: Json[] | undefined;
  readonly map: Record<string, Json> | undefined;
  readonly first: number;
  readonly nodesBefore: number;
  readonly anchor: string;
  /** Whether the items of this list are asked for by offset: it stands under the key "items". */
  readonly tracked: boolean;
  height: number;
  key: string | undefined;
  keyIndex: number;
  isMerge: boolean;
  merged: Set<string> | undefined;
}

/**
 * Builds the values of a stream's documents out of js-yaml's events, with Kubernetes' scalars and keys, in a loop without recursion.
 * It is ours and not js-yaml's constructor for the sake of offsets, of both lines of a duplicate key, and of exact integers.
 */
export function composeDocuments(reading: Reading, piece: Piece, events: readonly Event[]): Located[] {
  const documents: Located[] = [];
  for (let index = 0; index < events.length; ) {
    const composer = new Composer({ reading, piece, events });
    index = composer.run(index + 1);
    documents.push(composer.result());
  }
  return documents;
}

interface ComposerInput {
  readonly reading: Reading;
  readonly piece: Piece;
  readonly events: readonly Event[];
}

/** Lives for one document. */
class Composer {
  readonly #reading: Reading;
  readonly #source: string;
  readonly #events: readonly Event[];
  readonly #piece: Piece;
  readonly #frames: Frame[] = [];
  readonly #anchors;
  readonly #items = new Map<unknown, number>();
  #nodes = 0;
  #offset = -1;
  #root: Json = null;

  constructor({ reading, piece, events }: ComposerInput) {
    this.#reading = reading;
    this.#piece = piece;
    this.#source = piece.text;
    this.#events = events;
    this.#anchors = createAnchors(reading, piece);
  }

  /** Reads from the event after DOCUMENT to that after the document's end, and gives its index. */
  run(start: number): number {
    for (let index = start; index < this.#events.length; index++) {
      const event = this.#events[index];
      if (event === undefined || event.type === EVENT_ID.DOCUMENT) continue;
      if (event.type === EVENT_ID.POP) {
        if (this.#frames.length === 0) return index + 1;
        this.#close();
      } else if (event.type === EVENT_ID.SCALAR) this.#scalar(event, index);
      else if (event.type === EVENT_ID.ALIAS) this.#alias(event.anchorStart, event.anchorEnd, index);
      else this.#open(event, index);
    }
    return this.#events.length;
  }

  result(): Located {
    return { value: this.#root, offset: this.#piece.at(Math.max(0, this.#offset)), items: this.#items };
  }

  #scalar(event: ScalarEvent, index: number): void {
    this.#nodes++;
    const frame = this.#frames.at(-1);
    const text = event.fast
      ? this.#source.slice(event.valueStart, event.valueEnd)
      : getScalarValue(this.#source, event);
    const scalar = { event, text, tag: event.tagStart < 0 ? "" : this.#source.slice(event.tagStart, event.tagEnd) };
    if (frame?.map !== undefined && frame.key === undefined) {
      const key = textOfKey(this.#reading, scalar, this.#piece);
      this.#key(frame, key.text, key.isMerge, index);
      if (event.anchorStart >= 0) this.#anchor(event, { value: key.text, nodes: 1, height: 0 });
      return;
    }
    if (this.#offset < 0) this.#offset = Math.max(0, event.valueStart);
    const value = scalarOf(this.#reading, scalar, this.#piece);
    if (event.anchorStart >= 0) this.#anchor(event, { value, nodes: 1, height: 0 });
    this.#place(value, 0, index);
  }

  #open(event: MappingEvent | SequenceEvent, index: number): void {
    const parent = this.#frames.at(-1);
    if (parent?.map !== undefined && parent.key === undefined) this.#refuseKey(event.start);
    if (this.#frames.length >= this.#reading.limits.depth) this.#tooDeep(event.start);
    const isMap = event.type === EVENT_ID.MAPPING;
    const anchor = event.anchorStart < 0 ? "" : this.#source.slice(event.anchorStart, event.anchorEnd);
    if (anchor !== "") this.#anchors.open(anchor);
    if (this.#offset < 0) this.#offset = event.start;
    this.#frames.push({
      list: isMap ? undefined : [],
      map: isMap ? {} : undefined,
      first: index,
      nodesBefore: this.#nodes++,
      anchor,
      tracked: !isMap && parent?.key === "items",
      height: 0,
      key: undefined,
      keyIndex: index,
      isMerge: false,
      merged: undefined,
    });
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return;
    const value = frame.map ?? frame.list ?? null;
    const height = frame.height + 1;
    if (frame.anchor !== "") {
      this.#anchors.set(frame.anchor, { value, nodes: this.#nodes - frame.nodesBefore, height });
    }
    this.#place(value, height, frame.first);
  }

  #alias(start: number, end: number, index: number): void {
    const { value, nodes, height } = this.#anchors.use(this.#source.slice(start, end), start);
    this.#nodes += nodes;
    if (this.#frames.length + height > this.#reading.limits.depth) this.#tooDeep(start);
    const frame = this.#frames.at(-1);
    if (frame?.map === undefined || frame.key !== undefined) {
      this.#place(value, height, index);
    } else if (typeof value === "string") this.#key(frame, value, false, index);
    else this.#refuseKey(start);
  }

  #anchor(event: ScalarEvent, anchor: Anchor): void {
    this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), anchor);
  }

  #key(frame: Frame, key: string, isMerge: boolean, index: number): void {
    frame.key = key;
    frame.keyIndex = index;
    frame.isMerge = isMerge;
    if (this.#offset < 0) this.#offset = this.#offsetAt(index);
    if (isMerge || frame.map === undefined) return;
    if (key === "__proto__") {
      this.#reading.report({
        code: "PL-YAML-KEY",
        offset: this.#piece.at(this.#offsetAt(index)),
        message: 'the key "__proto__" is refused',
      });
    } else if (frame.map[key] !== undefined && Object.hasOwn(frame.map, key) && !frame.merged?.delete(key)) {
      this.#duplicate(frame, key, index);
    }
  }

  /** Puts a finished value where it belongs: into the list, under the key that waits, or at the root. */
  #place(value: Json, height: number, index: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.#root = value;
      return;
    }
    if (height > frame.height) frame.height = height;
    if (frame.list !== undefined) {
      if (frame.tracked) this.#items.set(value, this.#piece.at(this.#offsetAt(index)));
      frame.list.push(value);
    } else if (frame.map !== undefined && frame.key !== undefined) {
      if (frame.isMerge) this.#merge(frame, value);
      else if (frame.key !== "__proto__") frame.map[frame.key] = value;
      frame.key = undefined;
    }
  }

  #merge(frame: Frame, value: Json): void {
    if (frame.map === undefined) return;
    frame.merged ??= new Set();
    const overridden = mergeInto({ target: frame.map, merged: frame.merged, source: value });
    const offset = this.#piece.at(this.#offsetAt(frame.keyIndex));
    if (overridden === undefined) {
      this.#reading.report({
        code: "PL-YAML-SYNTAX",
        offset,
        message: '"<<" merges mappings, and what stands here is none',
      });
    } else if (overridden.length > 0) {
      const names = overridden.map((key) => JSON.stringify(key)).join(", ");
      this.#reading.warn(offset, `"<<" comes after ${names} and overrides it, as kubectl reads it; put "<<" first`);
    }
  }

  #duplicate(frame: Frame, key: string, index: number): void {
    const again = this.#offsetAt(index);
    const first = this.#reading.isFull ? again : this.#firstKey(frame.first + 1, key);
    this.#reading.reportTwice(key, this.#piece.at(first), this.#piece.at(again));
  }

  /** Offset of the first key of this text among the events of a mapping. Only looked for when there is something to say. */
  #firstKey(start: number, key: string): number {
    let depth = 0;
    let isKey = true;
    for (let index = start; index < this.#events.length; index++) {
      const event = this.#events[index];
      if (event === undefined) break;
      if (depth === 0 && isKey && event.type === EVENT_ID.SCALAR && getScalarValue(this.#source, event) === key) {
        return event.valueStart;
      }
      if (event.type === EVENT_ID.POP) depth--;
      else if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) depth++;
      if (depth === 0) isKey = !isKey;
    }
    return this.#offsetAt(start);
  }

  #offsetAt(index: number): number {
    const event = this.#events[index];
    if (event === undefined) return 0;
    if ("valueStart" in event && event.valueStart >= 0) return event.valueStart;
    if ("start" in event) return event.start;
    if ("anchorStart" in event && event.anchorStart >= 0) return event.anchorStart;
    return Math.max(0, this.#offset);
  }

  #refuseKey(start: number): never {
    // `key: {{ .Values.x }}` is a mapping as the key of a mapping, to YAML.
    const code =
      this.#source.startsWith("{", start) && this.#source[start - 1] === "{" ? "PL-YAML-TEMPLATE" : "PL-YAML-KEY";
    const message =
      code === "PL-YAML-TEMPLATE" ? "a template stands here" : "a key must be a word, not a list, a mapping or null";
    return this.#reading.fail({ code, offset: this.#piece.at(start), message });
  }

  #tooDeep(start: number): never {
    return this.#reading.fail({
      code: "PL-YAML-TOO-DEEP",
      offset: this.#piece.at(start),
      message: `nested more than ${this.#reading.limits.depth} levels deep`,
    });
  }
}

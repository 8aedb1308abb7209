import { EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from "js-yaml";
import { parsePointer } from "../../kit/json-pointer.ts";

/** A value of the text, and the way to it: the number of its document, then keys and positions. */
interface Place {
  readonly way: readonly string[];
  readonly isMapping: boolean;
  readonly start: number;
  /** Where its key stands, which is the line that people look for. */
  readonly shown: number;
}

/**
 * The line, from 1, of the field that a JSON pointer names, or of the nearest one above it that is there. The pointer begins
 * at the first document or, with `from`, at the mapping on that line: a later document, or an item of a list. undefined where there is none.
 */
export function lineOf(text: string, pointer: string, from?: number): number | undefined {
  const tokens = parsePointer(pointer) ?? [];
  const lineAt = (offset: number): number => text.slice(0, offset).split("\n").length;
  const places = [...placesIn(text)];
  const isRoot = ({ isMapping, start }: Place): boolean => from === undefined || (isMapping && lineAt(start) === from);
  const root = places.find(isRoot);
  if (root === undefined) return undefined;
  let best = root;
  for (const place of places) {
    const { way } = place;
    const isOnTheWay = way.length > best.way.length && root.way.every((token, index) => way[index] === token);
    if (isOnTheWay && way.slice(root.way.length).every((token, index) => tokens[index] === token)) best = place;
  }
  return lineAt(best === root ? root.start : best.shown);
}

interface Frame {
  readonly way: readonly string[];
  readonly isMapping: boolean;
  /** Of a mapping, while its value is awaited. */
  key: { readonly name: string; readonly offset: number } | undefined;
  index: number;
}

function* placesIn(text: string): Generator<Place> {
  const frames: Frame[] = [];
  let documents = 0;
  for (const event of eventsOf(text)) {
    const frame = frames.at(-1);
    if (event.type === EVENT_ID.DOCUMENT)
      frames.push({ way: [], isMapping: false, key: undefined, index: documents++ });
    else if (event.type === EVENT_ID.POP) frames.pop();
    else if (event.type === EVENT_ID.SCALAR && frame?.isMapping === true && frame.key === undefined) {
      frame.key = { name: getScalarValue(text, event), offset: event.valueStart };
    } else if (frame !== undefined) {
      const place = placeOf(event, frame);
      yield place;
      if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
        frames.push({ way: place.way, isMapping: place.isMapping, key: undefined, index: 0 });
      }
    }
  }
}

function placeOf(event: Exclude<Event, { type: 1 | 6 }>, frame: Frame): Place {
  const name = frame.isMapping ? (frame.key?.name ?? "") : String(frame.index++);
  const start = startOf(event);
  const shown = frame.key?.offset ?? start;
  frame.key = undefined;
  return { way: [...frame.way, name], isMapping: event.type === EVENT_ID.MAPPING, start, shown };
}

function startOf(event: Exclude<Event, { type: 1 | 6 }>): number {
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart;
  return event.type === EVENT_ID.SCALAR ? event.valueStart : event.start;
}

/** Whoever reads the text for its values says what is wrong with it; here it only has no lines to tell. */
function eventsOf(text: string): readonly Event[] {
  try {
    return parseEvents(text, {});
  } catch (error) {
    if (error instanceof YAMLException) return [];
    throw error;
  }
}

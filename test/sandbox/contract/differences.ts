import { formatPointer } from "../../../src/kit/json-pointer.ts";
import type { GoldenAnswer } from "./normalise.ts";
import { isRecord } from "./records.ts";

/** A place where the answer is not the golden one; undefined on the side where there is nothing. */
export interface Difference {
  readonly asked: string;
  /** JSON pointer into the golden answer, such as /status or /body/metadata/labels. */
  readonly path: string;
  readonly real: unknown;
  readonly got: unknown;
}

/** The smallest places that differ, in the order of the answers. */
export function differencesOf(real: readonly GoldenAnswer[], got: readonly GoldenAnswer[]): Difference[] {
  const count = Math.max(real.length, got.length);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const asked = `${index} ${real[index]?.asked ?? got[index]?.asked ?? ""}`;
    return answerPlaces(real[index], got[index]).map((place) => ({ asked, ...place }));
  });
}

/** Where one refused and the other did not, that is the difference, and the bodies are its details. */
function answerPlaces(real: GoldenAnswer | undefined, got: GoldenAnswer | undefined): Place[] {
  if (real?.status === got?.status) return placesOf(real, got, []);
  return [{ path: "/status", real: outcomeOf(real), got: outcomeOf(got) }];
}

function outcomeOf(answer: GoldenAnswer | undefined): unknown {
  if (answer === undefined) return undefined;
  const { status, body } = answer;
  return isRecord(body) ? [status, body["failure"] ?? body["stderr"] ?? body] : [status, body];
}

type Place = Omit<Difference, "asked">;

function placesOf(real: unknown, got: unknown, tokens: readonly (string | number)[]): Place[] {
  if (Array.isArray(real) && Array.isArray(got)) {
    const indices = [...Array(Math.max(real.length, got.length)).keys()];
    return indices.flatMap((index) => placesOf(real[index], got[index], [...tokens, index]));
  }
  if (isRecord(real) && isRecord(got)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(got)])];
    return keys.flatMap((key) => placesOf(real[key], got[key], [...tokens, key]));
  }
  return Object.is(real, got) || JSON.stringify(real) === JSON.stringify(got)
    ? []
    : [{ path: formatPointer(tokens), real, got }];
}

export function printDifference({ asked, path, real, got }: Difference): string {
  return `${asked}  ${path}\n    real: ${shown(real)}\n    got:  ${shown(got)}`;
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}...` : text;
}

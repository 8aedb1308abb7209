import { globMatches } from "../../../src/kit/glob.ts";

/** Where an object created in the sandbox may differ from the real server's, and why. One that nothing needs fails the test. */
export interface Exception {
  /** Glob of "Kind/name". */
  readonly object: string;
  /** Glob of a JSON pointer. */
  readonly path: string;
  readonly reason: string;
}

const DRY = "in a dry run the real server allocates nothing, and shows a zero address and a number out of range";
const COUNTED = "generations are counted, or not, by verbs/preparation.ts";

export const EXCEPTIONS: readonly Exception[] = [
  { object: "Service/*", path: "/spec/clusterIP*", reason: DRY },
  { object: "Service/*", path: "/spec/ports/*/nodePort", reason: DRY },
  { object: "APIService/*", path: "/metadata/generation", reason: COUNTED },
  { object: "PodTemplate/*", path: "/metadata/generation", reason: COUNTED },
];

export function excuseFor(object: string, difference: string): Exception | undefined {
  const path = difference.slice(0, difference.indexOf(": ")).replace(/^\/body/, "");
  return EXCEPTIONS.find((one) => globMatches(one.object, object) && globMatches(one.path, path));
}

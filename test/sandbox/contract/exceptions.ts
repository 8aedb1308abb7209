import { globMatches } from "../../../src/kit/glob.ts";
import type { Difference } from "./differences.ts";

/**
 * Where the sandbox may answer otherwise than the real server, and why. `theme`, `scenario` and `asked` (the request, with its
 * number) are globs, all where they are left out; so is `path`, a pointer into the golden answer. One that nothing needs fails the suite.
 */
export interface Exception {
  readonly theme?: string;
  readonly scenario?: string;
  readonly asked?: string;
  readonly path: string;
  readonly reason: string;
}

export const EXCEPTIONS: readonly Exception[] = [];

export interface Place {
  readonly theme: string;
  readonly scenario: string;
}

export function excuses(exception: Exception, { theme, scenario }: Place, { asked, path }: Difference): boolean {
  return (
    globMatches(exception.theme ?? "*", theme) &&
    globMatches(exception.scenario ?? "*", scenario) &&
    globMatches(exception.asked ?? "*", asked) &&
    globMatches(exception.path, path)
  );
}

import type { Moving } from "../plan/index.ts";

/** Of objects that one application does not want any more: who among these others has not taken it over yet. */
export interface HeldBackQuestion {
  /** Applications that may want them. */
  readonly names: readonly string[];
  /** Name of the cluster that they are in. */
  readonly cluster: string;
  /** refKeys. */
  readonly keys: readonly string[];
}

export interface HeldBackAnswer extends Moving {
  readonly key: string;
}

export interface LetGoQuestion {
  readonly name: string;
  readonly cluster: string;
  /** refKey and the application whose label the object has. */
  readonly owners: readonly (readonly [string, string])[];
}

/** What one replica answers another about the applications that it works on itself. Of those that it does not it says that they were not looked at. */
export interface Neighbour {
  /** What an application lacks for those that depend on it; undefined where it is ready. */
  lack(name: string): Promise<string | undefined>;
  heldBack(question: HeldBackQuestion): Promise<readonly HeldBackAnswer[]>;
  letGo(question: LetGoQuestion): Promise<readonly string[]>;
}

/** The others. What they are asked may fail: then nothing is known. */
export interface Neighbours {
  /** Absent where the application is this replica's, or going to be. */
  of(name: string): { readonly id: string; readonly neighbour: Neighbour } | undefined;
}

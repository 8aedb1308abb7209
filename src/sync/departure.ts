import type { Application, Declaration } from "../model/index.ts";

/** What the ApplySet parent of an application says of its end. */
export interface KnownParent {
  readonly application: string;
  /** Name of the one in which it is. */
  readonly cluster: string;
  readonly declaration: Declaration | undefined;
  /** A person asked to delete it. */
  readonly asked: "prune" | "orphan" | undefined;
}

/** An application that nobody wants any more. */
export interface Departure {
  readonly name: string;
  /** Name of the one in which its objects are; absent: home. */
  readonly cluster?: string | undefined;
  /** With its objects, or without them. */
  readonly how: "prune" | "orphan";
  /** Where its declaration is known still. */
  readonly application?: Application;
}

import type { JsonObject, Problem } from "../../model/index.ts";
import type { SourceName } from "../source-name.ts";

/** How new an answer must be. */
export interface Newness {
  /** Its question to the repository was begun at most so many milliseconds ago, by the clock of whoever is asked. Absent: whatever is known is enough. */
  readonly withinMs?: number;
  /** In place of that: what an answer said that was `pending`. */
  readonly after?: number;
}

/** What one replica asks another about a repository. */
export type SourceQuestion = Newness &
  (
    | {
        readonly ask: "refs";
        readonly repo: string;
        readonly prefixes: readonly string[];
        /** Of the last answer: what is the same is not sent again. */
        readonly tag?: number;
      }
    | { readonly ask: "versions"; readonly repo: string; readonly chart: string; readonly ranges: readonly string[] }
  );

/** Another replica that asks a repository for all. */
export interface RepositoryOwner {
  readonly id: string;
  /** What it answers, as nobody has checked it yet. Errors: PL-REPLICA-AWAY, after a few seconds at the latest. */
  ask(question: SourceQuestion): Promise<unknown>;
}

/** Where several replicas use the same repositories: who of them asks which one. */
export interface SharedSources {
  /** By a key that is no application's name. Undefined: this replica asks. */
  ownerOf(key: string): RepositoryOwner | undefined;
  /** Called when it may be another one. */
  onChange(listener: () => void): () => void;
  /** A repository that this replica asks for all says something new, or is away, or is back: the others are to hear of it. */
  moved(source: SourceName): void;
}

/** What a question is answered: JSON. `pending`: the repository was asked and has not answered yet; the same question with this as `after` waits on. */
export type SourceAnswer = JsonObject;

/** A repository that does not answer. */
export interface FailingSince {
  /** Milliseconds, by the clock of the field that it stands in. */
  readonly since: number;
  readonly problem: Problem;
}

import type { Resources } from "./answers.ts";

/** What manifests may have fetched beside what their application names: charts they depend on, bases, files. */
export interface Permit {
  /** The same key, the same verdicts: what one permit lets in is not shown under another. */
  readonly key: string;
  /** Errors: why a repository, a chart of it, or the file at a URL may not be read. */
  require(source: { readonly repo: string; readonly chart?: string }): void;
}

type Fetching = Pick<Resources, "chart" | "clone" | "get">;

/** The same resources, asked only for what is permitted. */
export function permitted({ chart, clone, get }: Fetching, permit: Permit | undefined): Fetching {
  const first =
    <A, R>(sourceOf: (asked: A) => Parameters<Permit["require"]>[0], fetch: (asked: A) => Promise<R>) =>
    async (asked: A): Promise<R> => {
      permit?.require(sourceOf(asked));
      return await fetch(asked);
    };
  return {
    ...(chart && { chart: first(({ repo, chart: name }) => ({ repo, chart: name }), chart) }),
    ...(clone && { clone: first(({ url }) => ({ repo: url }), clone) }),
    ...(get && { get: first((url) => ({ repo: url }), get) }),
  };
}

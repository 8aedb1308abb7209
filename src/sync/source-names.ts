import type { ApplicationSpec } from "../model/index.ts";

/** What is polled: a Git repository, or a chart of a Helm repository or registry. */
export interface SourceName {
  readonly repo: string;
  readonly chart?: string;
}

/** An application, or a declaration of many, as far as its source is concerned. */
export interface Sourced {
  readonly spec: {
    readonly source: Pick<ApplicationSpec["source"], "repo" | "chart" | "references">;
    readonly sync: Pick<ApplicationSpec["sync"], "interval">;
  };
}

/** Everything that an application is rendered from: its own source first. */
export function sourcesOf({ source }: Sourced["spec"]): readonly SourceName[] {
  const { repo, chart, references = [] } = source;
  return [chart === undefined ? { repo } : { repo, chart }, ...references.map((one) => ({ repo: one.repo }))];
}

export function sourceKey({ repo, chart }: SourceName): string {
  return chart === undefined ? repo : `${repo} ${chart}`;
}

import type { ApplicationSpec } from "../model/index.ts";

/** What is polled: a Git repository, or a chart of a Helm repository or registry. */
export interface SourceName {
  readonly repo: string;
  readonly chart?: string;
}

/** Everything that an application is rendered from: its own source first. */
export function sourcesOf({ source }: ApplicationSpec): readonly SourceName[] {
  const { repo, chart, references = [] } = source;
  return [chart === undefined ? { repo } : { repo, chart }, ...references.map((one) => ({ repo: one.repo }))];
}

export function sourceKey({ repo, chart }: SourceName): string {
  return chart === undefined ? repo : `${repo} ${chart}`;
}

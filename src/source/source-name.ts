/** A Git repository, or a chart in a Helm repository or registry. */
export interface SourceName {
  readonly repo: string;
  readonly chart?: string;
}

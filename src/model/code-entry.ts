/** When trying again can help: soon (backoff), at the next interval, only on a new revision, or not by itself. */
export type RetryKind = "soon" | "interval" | "revision" | "never";

export interface CodeEntry {
  /** What it means, in one line; docs/errors.md has the same. */
  readonly means: string;
  /** What the reader should do. */
  readonly next: string;
  readonly retry: RetryKind;
}

export const revision = (means: string, next: string): CodeEntry => ({ means, next, retry: "revision" });
export const soon = (means: string, next: string): CodeEntry => ({ means, next, retry: "soon" });
export const interval = (means: string, next: string): CodeEntry => ({ means, next, retry: "interval" });
export const never = (means: string, next: string): CodeEntry => ({ means, next, retry: "never" });

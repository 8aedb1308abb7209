/** What became of a step: a closed set, the same words in code, log, event, API and CLI. */
export const OUTCOMES = [
  "created",
  "configured",
  "adopted",
  "replaced",
  "pruned",
  "released",
  "ran",
  "unchanged",
  "skipped",
  "failed",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

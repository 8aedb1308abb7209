/** What an error of Redis says; of a cluster, what the last of its nodes said. The words alone: the error of a command has what was sent, and that may be a password. */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { lastNodeError } = error as { readonly lastNodeError?: unknown };
  return lastNodeError instanceof Error ? lastNodeError.message : error.message;
}

export interface BackoffOptions {
  /** Of the first wait, in milliseconds. */
  readonly baseMs: number;
  /** No wait is longer. */
  readonly capMs: number;
  /** 0 to 1, asked once a call. */
  readonly random: () => number;
}

/** Milliseconds to wait before attempt `failures + 1`: doubled each time up to the cap, then anywhere in its upper half. */
export function backoffDelay(failures: number, { baseMs, capMs, random }: BackoffOptions): number {
  const full = Math.min(capMs, baseMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return full / 2 + (full / 2) * random();
}

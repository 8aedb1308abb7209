/** Milliseconds. */
export interface Figures {
  readonly median: number;
  readonly p99: number;
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

/** Runs one after the other; each gives its milliseconds. */
export async function measure(runs: number, run: (i: number) => Promise<number>): Promise<Figures> {
  const times: number[] = [];
  for (const i of range(runs)) times.push(await run(i));
  return figuresOf(times);
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function figuresOf(times: readonly number[]): Figures {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p99: at(0.99) };
}

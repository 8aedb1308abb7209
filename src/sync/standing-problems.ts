import type { Problem } from "../model/index.ts";

/** What was refused a moment ago, by what it was about: not asked for again for a while, since every question costs the server one. */
export class StandingProblems {
  readonly #known = new Map<string, { readonly problem: Problem; readonly until: number }>();

  recall(key: string, now: number): Problem | undefined {
    const known = this.#known.get(key);
    return known !== undefined && now < known.until ? known.problem : undefined;
  }

  clear(): void {
    this.#known.clear();
  }

  /** `until` and `now` are milliseconds since the epoch. What has had its time is forgotten here. */
  note(key: string, problem: Problem, { until, now }: { readonly until: number; readonly now: number }): void {
    for (const [other, known] of this.#known) if (now >= known.until) this.#known.delete(other);
    this.#known.set(key, { problem, until });
  }
}

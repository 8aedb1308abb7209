/** So many at once; whoever comes when all are taken waits, those of a lower rank before the others. */
export class LimitedPlaces {
  readonly #limit: number;
  readonly #waiting: [(() => void)[], (() => void)[], (() => void)[]] = [[], [], []];
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  async take(rank: 0 | 1 | 2 = 0): Promise<void> {
    if (this.#taken < this.#limit) this.#taken++;
    else await new Promise<void>((resolve) => this.#waiting[rank].push(resolve));
  }

  /** Goes to whoever waits longest of the lowest rank. */
  giveBack(): void {
    const next = this.#waiting.find((line) => line.length > 0)?.shift();
    if (next === undefined) this.#taken--;
    else next();
  }
}

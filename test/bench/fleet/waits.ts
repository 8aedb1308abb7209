import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Ref } from "../../../src/model/index.ts";
import { timed } from "./figures.ts";
import type { Fleet } from "./fleet.ts";

const CONFIG_MAP = { group: "", version: "v1", kind: "ConfigMap" };
const SECONDS = 30;

/** How long people wait for one application of a fleet, in milliseconds. What the cluster has comes by a watch, so that asking takes no time from what is measured. */
export class Waits {
  readonly #fleet: Fleet;

  static async of(fleet: Fleet): Promise<Waits> {
    await fleet.cluster.live.follow(await fleet.cluster.resource(CONFIG_MAP), "all");
    return new Waits(fleet);
  }

  private constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** One server-side apply, for comparison. */
  async apply(i: number): Promise<number> {
    const { namespace } = this.#fleet.world;
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "bench", namespace }, data: { i: `${i}` } };
    return await timed(() => this.#fleet.cluster.apply(object));
  }

  /** From the delivery of a signed webhook to the commit's object as the server has it. */
  async webhookToApplied(i: number): Promise<number> {
    const { plumbline, repository } = this.#fleet.world;
    const colour = `commit-${i}`;
    await this.#fleet.commit(i, colour);
    const body = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: repository.url } });
    const signature = `sha256=${createHmac("sha256", plumbline.webhookSecret).update(body).digest("hex")}`;
    const headers = { "content-type": "application/json", "x-github-event": "push", "x-hub-signature-256": signature };
    const applied = this.#until(i, (now) => now === colour);
    return await timed(async () => {
      await plumbline.post("/hooks/github", body, headers);
      await applied;
    });
  }

  /** From the answer to a hand edit to its line in GET /api/v1/drift. */
  async editToReported(run: number): Promise<number> {
    const i = 2 * run + 1;
    await this.#edit(i, "hand");
    return await timed(async () => {
      for (const end = performance.now() + SECONDS * 1000; !(await this.#isReported(i, "hand")); await wait(1))
        if (performance.now() > end) throw new Error(`a${i}: an edit is not reported after ${SECONDS} s`);
    });
  }

  /** From the answer to a hand edit to the old value in the cluster. */
  async editToHealed(run: number): Promise<number> {
    const i = 2 * run;
    const wanted = this.#colour(i);
    await this.#edit(i, "hand");
    return await timed(() => this.#until(i, (now) => now === wanted));
  }

  #ref(i: number): Ref {
    return { ...CONFIG_MAP, namespace: this.#fleet.namespaceOf(i), name: `a${i}` };
  }

  #colour(i: number): unknown {
    return (this.#fleet.cluster.live.get(this.#ref(i))?.["data"] as { colour?: string } | undefined)?.colour;
  }

  async #edit(i: number, colour: string): Promise<void> {
    await this.#fleet.cluster.patch(this.#ref(i), { data: { colour } }, { manager: "a-hand" });
  }

  async #isReported(i: number, colour: string): Promise<boolean> {
    const { plumbline } = this.#fleet.world;
    const path = `/api/v1/drift?application=default%2Fa${i}`;
    const { items } = await plumbline.get<{ items: { change: { live?: unknown } }[] }>(path);
    return items.some(({ change }) => change.live === colour);
  }

  async #until(i: number, fits: (colour: unknown) => boolean): Promise<void> {
    const { live } = this.#fleet.cluster;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () => fits(this.#colour(i)) && resolve();
    const late = () => reject(new Error(`a${i} is ${this.#colour(i)} after ${SECONDS} s`));
    const timer = setTimeout(late, SECONDS * 1000);
    const stop = live.onChange(look);
    look();
    await promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  }
}

import { forEachLimited } from "../kit/pool.ts";
import { sleep } from "../kit/sleep.ts";
import { type GroupKind, type GroupVersionKind, groupKindKey } from "../model/index.ts";
import { parseBody } from "./answer.ts";
import {
  fromAggregated,
  fromResourceList,
  groupVersionsOf,
  type ServedKind,
  type ServedKinds,
  servedKinds,
} from "./served-kinds.ts";
import { answerError } from "./status-error.ts";
import type { Answer, Call, Transport } from "./transport.ts";
import type { ApiResource } from "./types.ts";
import { unknownKindError } from "./unknown-kind.ts";

const ACCEPT = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
const AGGREGATED = "as=APIGroupDiscoveryList";
const SHORTEST_INTERVAL_MS = 1000;
/** A definition that was accepted a moment ago is served a moment later: how long, and how often, it is looked for. */
const EXPECTED_WITHIN_MS = 10_000;
const EXPECTED_POLL_MS = 50;

interface Kept {
  readonly etag: string | undefined;
  readonly kinds: readonly ServedKind[];
}

/** What the server serves, kept. Looked at again only when something is asked that is not there, one look at a time. */
export class Discovery {
  readonly #transport: Transport;
  readonly #answers = new Map<string, Kept>();
  readonly #expected = new Map<string, number>();
  #served: ServedKinds | undefined;
  /** When the look began whose answer is kept. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<ServedKinds> | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Errors: PL-KIND-UNKNOWN, PL-KIND-REMOVED, and those of the requests. */
  async resource(kind: GroupVersionKind, signal?: AbortSignal): Promise<ApiResource> {
    const { found, served } = await this.#seek((kinds) => kinds.find(kind), kind, signal);
    if (found !== undefined) return found;
    throw unknownKindError(kind, served);
  }

  async preferred(kind: GroupKind, signal?: AbortSignal): Promise<ApiResource | undefined> {
    return (await this.#seek((kinds) => kinds.preferred(kind), kind, signal)).found;
  }

  /** All that is served; `fresh` looks again, which costs the server next to nothing where nothing has changed. */
  async served(fresh: boolean): Promise<ServedKinds> {
    return fresh ? await this.#look() : (this.#served ?? (await this.#look()));
  }

  /** A definition of this kind was just accepted: it is worth waiting for. */
  expect(kind: GroupKind): void {
    this.#expected.set(groupKindKey(kind), performance.now() + EXPECTED_WITHIN_MS);
  }

  isExpected(kind: GroupKind): boolean {
    return (this.#expected.get(groupKindKey(kind)) ?? 0) > performance.now();
  }

  /** What is kept may be wrong: the server answered that a kind is not there. */
  forget(): void {
    this.#served = undefined;
  }

  /** A look that began after the question answers it; an older one only if it has the kind. */
  async #seek<T>(
    find: (served: ServedKinds) => T | undefined,
    kind: GroupKind,
    signal: AbortSignal | undefined,
  ): Promise<{ found: T | undefined; served: ServedKinds }> {
    const asked = performance.now();
    let served = this.#served ?? (await this.#look());
    let found = find(served);
    while (found === undefined && (this.#lookedAt < asked || this.isExpected(kind))) {
      const since = performance.now() - this.#lookedAt;
      const interval = this.isExpected(kind) ? EXPECTED_POLL_MS : SHORTEST_INTERVAL_MS;
      if (since < interval) await sleep(interval - since, signal);
      signal?.throwIfAborted();
      // While this one slept, another may have looked for all.
      const looked = this.#lookedAt < asked || this.isExpected(kind) ? undefined : this.#served;
      served = looked ?? (await this.#look());
      found = find(served);
    }
    if (found !== undefined) this.#expected.delete(groupKindKey(kind));
    return { found, served };
  }

  /** Not bound to one asker's signal: others wait for the same look. */
  #look(): Promise<ServedKinds> {
    if (this.#looking !== undefined) return this.#looking;
    const began = performance.now();
    this.#looking = this.#ask()
      .then((served) => {
        this.#served = served;
        this.#lookedAt = began;
        return served;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  async #ask(): Promise<ServedKinds> {
    const [core, groups] = await Promise.all([this.#get("/api"), this.#get("/apis")]);
    if (this.#served !== undefined && core === "same" && groups === "same") return this.#served;
    return servedKinds([...this.#kindsAt("/api"), ...this.#kindsAt("/apis")]);
  }

  #kindsAt(path: string): readonly ServedKind[] {
    return this.#answers.get(path)?.kinds ?? [];
  }

  async #get(path: "/api" | "/apis"): Promise<"same" | "new"> {
    const kept = this.#answers.get(path);
    const etag = kept?.etag === undefined ? {} : { "if-none-match": kept.etag };
    const answer = await this.#ok(path, { accept: ACCEPT, ...etag });
    if (answer.status === 304) return "same";
    const list = parseBody(answer.text, path);
    const aggregated = String(answer.headers["content-type"]).includes(AGGREGATED);
    const kinds = aggregated ? fromAggregated(list) : await this.#oneByOne(path, groupsOf(path, list));
    // The older form says nothing of the resources, so its ETag says nothing of them either.
    const newTag = aggregated ? answer.headers["etag"] : undefined;
    this.#answers.set(path, { etag: typeof newTag === "string" ? newTag : undefined, kinds });
    return "new";
  }

  /** For servers before 1.26. A group whose own server is away is left out: the others are there. */
  async #oneByOne(
    root: string,
    groupVersions: readonly { group: string; version: string }[],
  ): Promise<readonly ServedKind[]> {
    const found = new Map<string, readonly ServedKind[]>(groupVersions.map((one) => [keyOf(one), []]));
    await forEachLimited(groupVersions, 8, async ({ group, version }) => {
      const path = group === "" ? `${root}/${version}` : `${root}/${group}/${version}`;
      const answer = await this.#transport.send(callFor(path, { accept: "application/json" }));
      if (answer.status === 200)
        found.set(keyOf({ group, version }), fromResourceList(parseBody(answer.text, path), group, version));
      else if (answer.status < 500 && answer.status !== 404) throw answerError(answer, callFor(path, {}));
    });
    return [...found.values()].flat();
  }

  async #ok(path: string, headers: Record<string, string>): Promise<Answer> {
    const call = callFor(path, headers);
    const answer = await this.#transport.send(call);
    if (answer.status !== 200 && answer.status !== 304) throw answerError(answer, call);
    return answer;
  }
}

function groupsOf(path: "/api" | "/apis", list: ReturnType<typeof parseBody>): { group: string; version: string }[] {
  if (path === "/apis") return groupVersionsOf(list);
  const versions = Array.isArray(list["versions"]) ? list["versions"] : [];
  return versions.map((version) => ({ group: "", version: String(version) }));
}

function keyOf({ group, version }: { group: string; version: string }): string {
  return `${group}/${version}`;
}

function callFor(path: string, headers: Record<string, string>): Call {
  return { verb: "discovery", kind: "discovery", path, headers };
}

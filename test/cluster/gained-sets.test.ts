import fc from "fast-check";
import { expect, test } from "vitest";
import { FollowedObjects } from "../../src/cluster/followed-objects.ts";
import type { Taking } from "../../src/cluster/known-sets.ts";
import { type LiveObject, PART_OF_LABEL, refKey, refOf } from "../../src/model/index.ts";
import { applySetId } from "../../src/plan/index.ts";
import { KeptApplications } from "../../src/sync/index.ts";

const NS = "plumbline-system";
const SETS = ["team/a", "team/b"] as const;
const NAMES = ["x", "y"] as const;
const idOf = (application: string): string => applySetId(application, NS);

interface Event {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: LiveObject;
}

/** Objects with labels as an API server has them, and what it tells a watch of everything that carries the label. */
class Server {
  version = 0;
  readonly objects = new Map<string, LiveObject>();
  readonly events: Event[] = [];

  set(name: string, of: string | undefined): void {
    const before = this.objects.get(name);
    this.version++;
    const uid = before?.metadata.uid ?? `${name}-${this.version}`;
    const now = this.#object({ name, uid, of });
    this.objects.set(name, now);
    if (of !== undefined) this.events.push({ type: isLabelled(before) ? "MODIFIED" : "ADDED", object: now });
    else if (isLabelled(before)) this.events.push({ type: "DELETED", object: now });
  }

  delete(name: string): void {
    const before = this.objects.get(name);
    if (before === undefined) return;
    this.version++;
    this.objects.delete(name);
    const { metadata } = before;
    const object = { ...before, metadata: { ...metadata, resourceVersion: String(this.version) } };
    if (isLabelled(before)) this.events.push({ type: "DELETED", object });
  }

  list(): LiveObject[] {
    return [...this.objects.values()].filter(isLabelled);
  }

  #object({ name, uid, of }: { name: string; uid: string; of: string | undefined }): LiveObject {
    const labels = of === undefined ? {} : { [PART_OF_LABEL]: idOf(of) };
    const metadata = { namespace: "n", name, uid, resourceVersion: String(this.version), labels };
    return { apiVersion: "v1", kind: "ConfigMap", metadata };
  }
}

function isLabelled(object: LiveObject | undefined): boolean {
  return object?.metadata.labels?.[PART_OF_LABEL] !== undefined;
}

const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), name: fc.constantFrom(...NAMES), of: fc.constantFrom(...SETS) }),
  fc.record({ do: fc.constant("unlabel" as const), name: fc.constantFrom(...NAMES) }),
  fc.record({ do: fc.constant("delete" as const), name: fc.constantFrom(...NAMES) }),
  fc.record({ do: fc.constantFrom("keep" as const, "drop" as const), of: fc.constantFrom(...SETS) }),
  fc.record({ do: fc.constantFrom("event" as const, "ask" as const, "serve" as const, "answer" as const) }),
  fc.record({ do: fc.constantFrom("settle" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A gain on its way: asked for, then read by the server, then taken in. */
interface Gain {
  readonly taking: Taking;
  items: LiveObject[] | undefined;
}

class Replica {
  readonly server = new Server();
  readonly kept = new KeptApplications(NS);
  readonly objects = new FollowedObjects({ what: "members", kept: this.kept, report: () => {} });
  #gain: Gain | undefined;

  constructor() {
    this.kept.onLost((ids) => this.objects.trim(ids));
    this.server.set("x", SETS[0]);
    this.server.events.length = 0;
    this.#list();
  }

  run(one: Step): void {
    if (one.do === "set") this.server.set(one.name, one.of);
    else if (one.do === "unlabel") {
      if (this.server.objects.has(one.name)) this.server.set(one.name, undefined);
    } else if (one.do === "delete") this.server.delete(one.name);
    else if (one.do === "keep") this.kept.keep(one.of);
    else if (one.do === "drop") this.kept.drop([one.of]);
    else this.#read(one.do);
  }

  #read(what: "event" | "ask" | "serve" | "answer" | "settle"): void {
    const next = what === "event" ? this.server.events.shift() : undefined;
    if (next !== undefined) this.objects.event(next);
    if (what === "ask") this.#gain ??= this.#ask();
    if (what === "serve" && this.#gain !== undefined) this.#gain.items ??= this.server.list();
    if (what === "answer" && this.#gain?.items !== undefined) {
      this.objects.gained(this.#gain.items, this.#gain.taking);
      this.#gain = undefined;
    }
    if (what === "settle") this.#settle();
  }

  /** Until nothing is on its way, and every kept set is known. */
  rest(): void {
    const unknown = () => [...this.kept.ids()].some((id) => !this.objects.knows(id));
    for (let i = 0; i < 3 && unknown(); i++) for (const what of ["ask", "serve", "answer"] as const) this.#read(what);
    while (this.server.events.length > 0) this.#read("event");
    for (let i = 0; i < 3; i++) this.#settle();
  }

  #ask(): Gain {
    const unknown = [...this.kept.ids()].filter((id) => !this.objects.knows(id));
    return { taking: this.objects.gaining(unknown), items: undefined };
  }

  #settle(): void {
    for (const ref of [...this.objects.missing(), ...this.objects.orphans()])
      this.objects.settle(ref, this.server.objects.get(ref.name));
  }

  #list(): void {
    const relisting = this.objects.relisting();
    const items = this.server.list().filter((one) => relisting.keep?.(one) !== false);
    this.objects.listed({ items, resourceVersion: String(this.server.version) }, { first: true, relisting });
  }
}

test("in whatever order lists, events, gains and losses come, a kept set is in the end what the server has, and one that is not is empty", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const replica = new Replica();
      for (const one of steps) replica.run(one);
      replica.rest();
      const { server, kept, objects } = replica;
      for (const application of SETS) {
        const id = idOf(application);
        const there = server.list().filter((one) => one.metadata.labels?.[PART_OF_LABEL] === id);
        const labelled = [...objects.index.members(id)]
          .filter(({ orphan }) => !orphan)
          .map(({ object }) => versioned(object));
        expect(labelled.toSorted()).toEqual(kept.has(id) ? there.map(versioned).toSorted() : []);
        for (const { metadata } of kept.has(id) ? [] : there) expect(objects.elsewhere.has(metadata)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});

function versioned(object: LiveObject): string {
  return `${refKey(refOf(object))} v${object.metadata.resourceVersion}`;
}

import { expect, test } from "vitest";
import { APPLIED_SET_ANNOTATION, APPLYSET_GROUP_KINDS, PlumblineError } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { Bench, outcomesOf } from "./applied.ts";

const never = {
  spec: {
    replicas: 1,
    selector: { matchLabels: { a: "b" } },
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "c", image: "i" }] } },
  },
};

function definition(bench: Bench, group: string) {
  const schema = {
    openAPIV3Schema: {
      type: "object",
      properties: { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    },
  };
  const names = { plural: "gadgets", kind: "Gadget", singular: "gadget", listKind: "GadgetList" };
  const spec = { group, scope: "Namespaced", names, versions: [{ name: "v1", served: true, storage: true, schema }] };
  return bench.manifest("apiextensions.k8s.io/v1", "CustomResourceDefinition", `gadgets.${group}`, { spec });
}

describeCluster("applying a plan", () => {
  test("widens the inventory before the first object and stamps the set after the last, and then has nothing to write", async () => {
    await using bench = await Bench.open();
    const manifests = [bench.manifest("v1", "ConfigMap", "a"), bench.manifest("v1", "Secret", "b")];
    const { events, whole, outcomes } = await bench.apply(manifests);
    expect(whole).toBe(true);
    expect(events.map((event) => (event.type === "inventory" ? event.phase : event.type))).toEqual([
      "before",
      "step",
      "step",
      "after",
    ]);
    expect(outcomesOf({ outcomes, whole }).sort()).toEqual([
      ["a", "created"],
      ["b", "created"],
    ]);
    const { plan } = await bench.plan(manifests);
    const annotations = (await bench.parent())?.metadata.annotations ?? {};
    expect(annotations[APPLYSET_GROUP_KINDS]).toBe("ConfigMap,Secret");
    expect(annotations[APPLIED_SET_ANNOTATION]).toBe(plan.setHash);
    expect((await bench.run({ plan, objects: new Map() })).events).toEqual([]);
  });

  test("a definition and an object of it go in one plan: the kind is served before its object is sent", async () => {
    await using bench = await Bench.open();
    const group = `${bench.namespace}.example.com`;
    const gadget = bench.manifest(`${group}/v1`, "Gadget", "big", { spec: { size: 3 } });
    expect(outcomesOf(await bench.apply([gadget, definition(bench, group)]))).toEqual([
      [`gadgets.${group}`, "created"],
      ["big", "created"],
    ]);
    await bench.kubectl("delete", "crd", `gadgets.${group}`, "--wait=false");
  });

  test("a failure leaves its siblings alone, skips later stages by its name, and claims no applied set", async () => {
    await using bench = await Bench.open();
    const bad = bench.manifest("v1", "ConfigMap", "bad", { data: { a: 1 } });
    const summary = await bench.apply([
      bad,
      bench.manifest("v1", "ConfigMap", "good"),
      bench.manifest("v1", "Service", "later", { spec: { ports: [{ port: 80 }] } }),
    ]);
    expect(summary.whole).toBe(false);
    expect(new Map(summary.outcomes.map((one) => [one.ref.name, one.outcome]))).toEqual(
      new Map([
        ["good", "created"],
        ["bad", "failed"],
        ["later", "skipped"],
      ]),
    );
    expect(summary.outcomes.find(({ ref }) => ref.name === "later")?.message).toContain("bad");
    expect((await bench.parent())?.metadata.annotations?.[APPLIED_SET_ANNOTATION]).toBeUndefined();
  });

  test("a wave waits for the health of the one before, says for what, and ends at the deadline with what it waited for", async () => {
    await using bench = await Bench.open();
    const wave = (value: string) => ({ annotations: { "plumbline.dev/wave": value } });
    const first = bench.manifest("apps/v1", "Deployment", "first", never);
    const second = bench.manifest("v1", "ConfigMap", "second", {}, wave("1"));
    const deadline = new AbortController();
    const planned = await bench.plan([first, second]);
    const summary = await bench.run(planned, {
      signal: deadline.signal,
      onEvent: (event) => {
        if (event.type === "waiting") deadline.abort(new PlumblineError("PL-APPLY-TIMEOUT", { message: "too long" }));
      },
    });
    const waiting = summary.events.find((event) => event.type === "waiting" && event.ref.name === "second");
    expect(waiting).toMatchObject({
      message: expect.stringContaining(`wave 1 waits for Deployment ${bench.namespace}/first`),
    });
    expect(summary.problem?.code).toBe("PL-APPLY-TIMEOUT");
    expect(outcomesOf(summary)).toEqual([
      ["first", "created"],
      ["second", "skipped"],
    ]);
  });

  test("a namespace to be created, and that of the inventory, are made on the way", async () => {
    await using bench = await Bench.open();
    const names = { ensureNamespace: `${bench.namespace}-made`, inventoryNamespace: `${bench.namespace}-inventory` };
    const summary = await bench.run(await bench.plan([bench.manifest("v1", "ConfigMap", "a")], names));
    expect(summary).toMatchObject({ whole: true });
    for (const name of Object.values(names))
      expect(await bench.cluster.get({ group: "", version: "v1", kind: "Namespace", name })).toBeDefined();
  });

  test("an abort at any event leaves every object inside the inventory", async () => {
    const manifests = (bench: Bench) => [
      bench.manifest("v1", "ConfigMap", "a"),
      bench.manifest("v1", "Secret", "b"),
      bench.manifest("v1", "Service", "c", { spec: { ports: [{ port: 80 }] } }),
    ];
    for (let at = 1; at <= 5; at++) {
      await using bench = await Bench.open();
      const cancel = new AbortController();
      let seen = 0;
      await bench.run(await bench.plan(manifests(bench)), {
        signal: cancel.signal,
        onEvent: () => {
          if (++seen === at) cancel.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "enough" }));
        },
      });
      const kinds = (await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS] ?? "";
      for (const line of (
        await bench.kubectl("get", "configmap,secret,service", "-l", "applyset.kubernetes.io/part-of", "-o", "name")
      ).split("\n")) {
        const [kind = ""] = line.split("/");
        expect(kinds.toLowerCase()).toContain(kind);
      }
    }
  });
});

import { expect, test } from "vitest";
import {
  APPLIED_SET_ANNOTATION,
  APPLYSET_GROUP_KINDS,
  ID_ANNOTATION,
  PART_OF_LABEL,
  PlumblineError,
} from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { Bench, outcomesOf } from "./applied.ts";

const ports = { spec: { ports: [{ port: 80 }] } };
const before = (bench: Bench) => [
  bench.manifest("v1", "ConfigMap", "kept"),
  bench.manifest("v1", "ConfigMap", "old"),
  bench.manifest("v1", "Service", "old", ports),
];
/** Another kind comes, another goes. */
const after = (bench: Bench) => [bench.manifest("v1", "ConfigMap", "kept"), bench.manifest("v1", "Secret", "new")];

async function kindsThere(bench: Bench): Promise<Set<string>> {
  const names = await bench.kubectl("get", "configmap,secret,service", "-l", PART_OF_LABEL, "-o", "name");
  const kinds: { readonly [resource: string]: string } = {
    configmap: "ConfigMap",
    secret: "Secret",
    service: "Service",
  };
  return new Set(
    names
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => kinds[line.split("/")[0] ?? ""] ?? line),
  );
}

async function kindsNamed(bench: Bench): Promise<Set<string>> {
  return new Set((await bench.parent())?.metadata.annotations?.[APPLYSET_GROUP_KINDS]?.split(",") ?? []);
}

describeCluster("a run that is ended in its middle", () => {
  const cases = Array.from({ length: 6 }, (_, i) => [i + 1] as const);
  test.each(cases)(
    "at event %i, with deletions to come, leaves a superset behind, and the next run ends it",
    async (at) => {
      await using bench = await Bench.open();
      await bench.apply(before(bench));
      const cancel = new AbortController();
      let seen = 0;
      const summary = await bench.run(await bench.plan(after(bench)), {
        signal: cancel.signal,
        onEvent: () => {
          if (++seen === at) cancel.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "enough" }));
        },
      });
      for (const kind of await kindsThere(bench)) expect(await kindsNamed(bench)).toContain(kind);
      if (!summary.whole)
        expect((await bench.parent())?.metadata.annotations?.[APPLIED_SET_ANNOTATION]).toBeUndefined();

      const { plan, objects } = await bench.plan(after(bench));
      expect((await bench.run({ plan, objects })).whole).toBe(true);
      expect(await kindsNamed(bench)).toEqual(new Set(["ConfigMap", "Secret"]));
      expect(await kindsThere(bench)).toEqual(new Set(["ConfigMap", "Secret"]));
      expect((await bench.parent())?.metadata.annotations?.[APPLIED_SET_ANNOTATION]).toBe(plan.setHash);
    },
  );
});

describeCluster("a member that was deleted and made anew", () => {
  test("is not deleted, and stays in the inventory until it is looked at again", async () => {
    await using bench = await Bench.open();
    await bench.apply(before(bench));
    const planned = await bench.plan([bench.manifest("v1", "ConfigMap", "kept")]);
    const copy = JSON.parse(await bench.kubectl("get", "service/old", "-o", "json"));
    const { labels, annotations } = copy.metadata;
    expect(annotations[ID_ANNOTATION]).toContain("old");
    await bench.kubectl("delete", "service/old");
    const again = { apiVersion: "v1", kind: "Service", metadata: { name: "old", labels, annotations }, ...ports };
    await bench.plane.kubectl(["--namespace", bench.namespace, "create", "-f", "-"], JSON.stringify(again));

    const summary = await bench.run(planned);
    expect(summary.whole).toBe(false);
    expect(summary.outcomes[0]).toMatchObject({
      outcome: "failed",
      problem: { code: "PL-KUBE-CONFLICT", message: expect.stringContaining("made anew") },
    });
    expect(await kindsNamed(bench)).toContain("Service");
    expect(await bench.kubectl("get", "service/old", "-o", "name")).toContain("old");
  });
});

describeCluster("deletions", () => {
  test("that a failure before them stops are named as skipped", async () => {
    await using bench = await Bench.open();
    await bench.apply(before(bench));
    const bad = bench.manifest("v1", "ConfigMap", "bad", { data: { a: 1 } });
    const summary = await bench.apply([bench.manifest("v1", "ConfigMap", "kept"), bad]);
    expect(outcomesOf(summary)).toEqual([
      ["bad", "failed"],
      ["old", "skipped"],
      ["old", "skipped"],
    ]);
    expect(summary.outcomes[1]?.problem?.code).toBe("PL-APPLY-BLOCKED");
    expect(await kindsThere(bench)).toEqual(new Set(["ConfigMap", "Service"]));
  });

  test("of what somebody deleted already are not asked for again, and it stays in the inventory until it is gone", async () => {
    await using bench = await Bench.open();
    const name = `${bench.namespace}-going`;
    const confirmed = { annotations: { "plumbline.dev/prune": "confirm" } };
    const kept = bench.manifest("v1", "ConfigMap", "kept");
    await bench.apply([kept, bench.manifest("v1", "Namespace", name, {}, confirmed)]);
    // Without controllers a namespace never goes away.
    await bench.kubectl("delete", "namespace", name, "--wait=false");
    const planned = await bench.plan([kept]);
    expect(planned.plan.going?.map(({ ref }) => ref.name)).toEqual([name]);
    const summary = await bench.run(planned);
    expect(summary.outcomes).toEqual([]);
    expect(await kindsNamed(bench)).toContain("Namespace");
  });
});

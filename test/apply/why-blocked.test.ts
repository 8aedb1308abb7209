import { expect, test } from "vitest";
import { whyBlocked } from "../../src/apply/index.ts";
import { Progress } from "../../src/apply/progress.ts";
import { type Graph, graphOf } from "../../src/plan/index.ts";
import { manifest, planOf } from "../plan/planned.ts";

const wave = (value: number) => ({ "plumbline.dev/wave": `${value}` });

/** A graph of which the named objects are with the server, and the rest is blocked. */
function scene(wanted: Parameters<typeof planOf>[0]["wanted"], verdicts: { readonly [name: string]: string }) {
  const graph = graphOf(planOf({ wanted }));
  const progress = new Progress(graph, () => {});
  for (let node = progress.take(); node !== undefined; node = progress.take()) {
    const waits = verdicts[node.ref?.name ?? ""] !== undefined;
    if (waits) progress.accept(node.id);
    else progress.pass(node.id);
  }
  const verdictOf = (id: number) => {
    const message = verdicts[graph.nodes[id]?.ref?.name ?? ""];
    return message === undefined ? undefined : { message, since: 1000 };
  };
  const view = { stateOf: (id: number) => progress.stateOf(id), isMet: progress.isMet.bind(progress), verdictOf };
  return { graph, progress, why: (name: string) => whyBlocked(graph, idOf(graph, name), view)?.message };
}

function idOf({ nodes }: Graph, name: string): number {
  return nodes.findIndex(({ ref }) => ref?.name === name);
}

test("a later wave names what the one before waits for, how many others, and since when; what waits itself says for what", () => {
  const wanted = [
    manifest("apps/v1 Deployment db"),
    manifest("apps/v1 Deployment cache"),
    manifest("v1 ConfigMap web", { annotations: wave(1) }),
    manifest("v1 ConfigMap last", { annotations: wave(2) }),
  ];
  const { why } = scene(wanted, { db: "1/3 replicas available", cache: "0/1 replicas available" });
  expect(why("db")).toBe("waits to be healthy: 1/3 replicas available");
  expect(why("web")).toBe("wave 1 waits for Deployment shop/cache and 1 more: 0/1 replicas available");
  expect(why("last")).toBe("wave 1 waits for Deployment shop/cache and 1 more: 0/1 replicas available");
});

test("a dependent names the object that it depends on", () => {
  const dependsOn = { "config.kubernetes.io/depends-on": "apps/namespaces/shop/Deployment/db" };
  const { why } = scene([manifest("apps/v1 Deployment db"), manifest("v1 ConfigMap web", { annotations: dependsOn })], {
    db: "1/3 replicas available",
  });
  expect(why("web")).toBe("waits for Deployment shop/db: 1/3 replicas available");
});

test("nothing is said where all is under way as it should be", () => {
  const { why } = scene([manifest("v1 ConfigMap a"), manifest("v1 ConfigMap b", { annotations: wave(1) })], {});
  expect([why("a"), why("b")]).toEqual([undefined, undefined]);
});

test("what fails takes with it what waits for it, in the end, and nothing else", () => {
  const on = (name: string) => ({ "config.kubernetes.io/depends-on": `/namespaces/shop/ConfigMap/${name}` });
  const graph = graphOf(
    planOf({
      wanted: [
        manifest("v1 ConfigMap bad"),
        manifest("v1 ConfigMap good"),
        manifest("v1 ConfigMap child", { annotations: on("bad") }),
        manifest("v1 ConfigMap grandchild", { annotations: on("child") }),
        manifest("v1 ConfigMap other", { annotations: on("good") }),
        manifest("v1 Service later"),
      ],
    }),
  );
  const skipped: string[] = [];
  const progress = new Progress(graph, ({ ref }) => skipped.push(...(ref === undefined ? [] : [ref.name])));
  for (let node = progress.take(); node !== undefined; node = progress.take()) {
    if (node.ref?.name === "bad")
      progress.fail(node.id, { problem: { code: "PL-KUBE-INVALID", message: "no", next: "", retry: "revision" } });
    else progress.pass(node.id);
  }
  expect(skipped.toSorted()).toEqual(["child", "grandchild", "later"]);
  expect(progress.isOver).toBe(true);
});

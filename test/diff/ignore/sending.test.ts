import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../../src/model/index.ts";
import { entryOf, live, stamped, web } from "../server.ts";
import { compared } from "./leaving.ts";

const SCALER = entryOf("kube-controller-manager", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" });
const REPLICAS = { path: "/spec/replicas" };

function sent(options: Parameters<typeof compared>[0]): KubeObject {
  return compared(options).sent ?? options.desired;
}
const stamp = (object: KubeObject) => stamped(object, "one");

describe("a left field that is somebody else's", () => {
  test("is not sent", () => {
    const wanted = stamp(web({ replicas: 3, image: "b" }));
    const there = live(stamp(web({ replicas: 3 })), {
      now: stamp(web({ replicas: 7 })),
      lost: [["f:spec", "f:replicas"]],
      others: [SCALER],
    });
    expect(sent({ desired: wanted, there, rules: [REPLICAS] })).toEqual(stamp(web({ image: "b" })));
  });

  test("goes with the map that becomes empty by it", () => {
    const labelled = (labels: { [name: string]: string }): KubeObject => {
      const base = stamp(web());
      return { ...base, metadata: { ...base.metadata, labels } };
    };
    const there = live(labelled({ a: "1" }), { now: labelled({ a: "2" }), lost: [["f:metadata", "f:labels", "f:a"]] });
    expect(sent({ desired: labelled({ a: "1" }), there, rules: [{ path: "/metadata/labels/a" }] })).toEqual(
      stamp(web()),
    );
  });
});

describe("a left field that is still ours", () => {
  test("is sent as live has it, whatever Git says now", () => {
    const there = live(stamp(web({ replicas: 3 })));
    expect(sent({ desired: stamp(web({ replicas: 4 })), there, rules: [REPLICAS] })).toEqual(
      stamp(web({ replicas: 3 })),
    );
  });

  test("is sent where Git has dropped it, so that the server does not remove it", () => {
    const there = live(stamp(web({ replicas: 3 })));
    expect(sent({ desired: stamp(web()), there, rules: [REPLICAS] })).toEqual(stamp(web({ replicas: 3 })));
    expect(compared({ desired: stamp(web()), there, rules: [REPLICAS] }).changes).toEqual([]);
    expect(compared({ desired: stamp(web()), there }).changes).toHaveLength(1);
  });

  test("is sent as far as it is ours", () => {
    const container = (more: JsonObject) => stamp(web({ container: { resources: { limits: { cpu: "1" } }, ...more } }));
    const mine = container({});
    const now = container({ stdin: true });
    const there = live(mine, { now });
    const rule = { jsonPath: '.spec.template.spec.containers[?(@.name=="web")]' };
    expect(sent({ desired: stamp(web({ image: "other" })), there, rules: [rule] })).toEqual(mine);
  });

  test("keeps its place among the items of a list", () => {
    const containers = (...names: string[]) =>
      stamp(web({ pod: { containers: names.map((name) => ({ name, image: `${name}:1` })) } }));
    const rule = { jsonPath: '.spec.template.spec.containers[?(@.name=="side")]' };
    const there = live(containers("a", "side", "b"));
    expect(sent({ desired: containers("a", "b"), there, rules: [rule] })).toEqual(containers("a", "side", "b"));
    expect(sent({ desired: containers("side", "b", "a"), there, rules: [rule] })).toEqual(containers("side", "b", "a"));
    const first = live(containers("side", "a"));
    expect(sent({ desired: containers("a"), there: first, rules: [rule] })).toEqual(containers("side", "a"));
  });
});

describe("a value that is owned as one is sent with live's value in what is left", () => {
  const pod = (more: JsonObject) => stamp(web({ pod: more }));
  const selector = (labels: { [name: string]: string }) => pod({ nodeSelector: labels });
  const tolerations = (...items: JsonObject[]) => pod({ tolerations: items });
  const ZONE = { path: "/spec/template/spec/nodeSelector/zone" };

  test("a map", () => {
    const there = live(selector({ zone: "a", disk: "ssd" }), { now: selector({ zone: "b", disk: "ssd" }) });
    expect(sent({ desired: selector({ zone: "a", disk: "hdd" }), there, rules: [ZONE] })).toEqual(
      selector({ zone: "b", disk: "hdd" }),
    );
  });

  test("a map that lost what is left", () => {
    const there = live(selector({ zone: "a", disk: "ssd" }), { now: selector({ disk: "ssd" }) });
    expect(sent({ desired: selector({ zone: "a", disk: "hdd" }), there, rules: [ZONE] })).toEqual(
      selector({ disk: "hdd" }),
    );
  });

  test("a map of which Git says nothing but what is left is not sent once it is not ours", () => {
    const mine = live(selector({ zone: "a" }), { now: selector({ zone: "a" }) });
    expect(sent({ desired: selector({ zone: "x" }), there: mine, rules: [ZONE] })).toEqual(selector({ zone: "a" }));
    const lost = [["f:spec", "f:template", "f:spec", "f:nodeSelector"]];
    const theirs = live(selector({ zone: "a" }), { now: selector({ zone: "b" }), lost });
    expect(sent({ desired: selector({ zone: "x" }), there: theirs, rules: [ZONE] })).toEqual(stamp(web()));
  });

  test("whole items of a list stand where live has them", () => {
    const rule = { jsonPath: '.spec.template.spec.tolerations[?(@.key=="theirs")]' };
    const now = tolerations({ key: "theirs", effect: "x" }, { key: "a" });
    const there = live(tolerations({ key: "a" }), { now });
    expect(sent({ desired: tolerations({ key: "b" }), there, rules: [rule] })).toEqual(
      tolerations({ key: "theirs", effect: "x" }, { key: "b" }),
    );
  });

  test("parts of items go from the first to the first, and stay Git's where the numbers differ", () => {
    const rule = { jsonPath: ".spec.template.spec.tolerations[?(@.key)].effect" };
    const there = live(tolerations({ key: "a", effect: "y" }, { operator: "Exists" }));
    expect(
      sent({ desired: tolerations({ operator: "Exists" }, { key: "a", effect: "x" }), there, rules: [rule] }),
    ).toEqual(tolerations({ operator: "Exists" }, { key: "a", effect: "y" }));
    const two = tolerations({ key: "a", effect: "x" }, { key: "b", effect: "x" });
    expect(sent({ desired: two, there, rules: [rule] })).toEqual(two);
  });
});

test("an object that is not there is sent whole", () => {
  const desired = stamp(web({ replicas: 3 }));
  const there = live(desired);
  expect(compared({ desired, there, rules: [{ path: "/spec/paused" }] }).sent ?? desired).toEqual(desired);
});

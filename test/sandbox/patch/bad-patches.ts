import type { Json } from "../../../src/model/index.ts";

/** A patch of the Deployment below and what the API server says to it: 200, or the code, reason and message of its Status. */
export interface PatchCase {
  readonly name: string;
  readonly type: "json" | "merge" | "strategic";
  readonly patch: Json;
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
}

export const DEPLOYMENT = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "a" }] },
    },
  },
};

const UNFIT = {
  code: 422,
  reason: "Invalid",
  message: "the server rejected our request due to an error in our request",
};
const inPod = (spec: Json): Json => ({ spec: { template: { spec } } });
const json = (name: string, patch: Json, answer: Omit<PatchCase, "name" | "type" | "patch">): PatchCase => ({
  name,
  type: "json",
  patch,
  ...answer,
});
const strategic = (name: string, patch: Json, code: number, message: string): PatchCase => ({
  name,
  type: "strategic",
  patch,
  code,
  ...(code === 400 ? { reason: "BadRequest" } : {}),
  message,
});

export const BAD_PATCHES: readonly PatchCase[] = [
  json("an operation that is none", [{ op: "foo", path: "/spec" }], UNFIT),
  json("an operation without a path", [{ op: "add", value: 1 }], UNFIT),
  json("removing what is not there", [{ op: "remove", path: "/metadata/nope" }], UNFIT),
  json("adding below what is not there", [{ op: "add", path: "/nope/nope", value: 1 }], UNFIT),
  json("a failed test", [{ op: "test", path: "/metadata/name", value: "x" }], UNFIT),
  json("a test below what is not there", [{ op: "test", path: "/nope/name", value: "x" }], UNFIT),
  json("an index beyond the list", [{ op: "add", path: "/spec/template/spec/containers/7", value: {} }], UNFIT),
  json("an index that is no number", [{ op: "add", path: "/spec/template/spec/containers/x", value: {} }], UNFIT),
  json("a copy from nowhere", [{ op: "copy", path: "/metadata/labels" }], UNFIT),
  json("a move from what is not there", [{ op: "move", from: "/nope", path: "/metadata/labels" }], UNFIT),
  json("a document that is a number", [{ op: "replace", path: "", value: 3 }], UNFIT),
  json("an inherited field", [{ op: "remove", path: "/metadata/toString" }], UNFIT),
  json("too many operations", Array(10_001).fill({ op: "test", path: "/kind", value: "Deployment" }), {
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001",
  }),
  json("no list", { op: "add" }, { code: 400, reason: "BadRequest" }),
  json("no operations", [1], { code: 400, reason: "BadRequest" }),
  json("a test that what is absent is null", [{ op: "test", path: "/metadata/labels", value: null }], { code: 200 }),
  json("replacing what is not there", [{ op: "replace", path: "/metadata/labels", value: { a: "b" } }], { code: 200 }),
  json("a copy of what is not there", [{ op: "copy", from: "/metadata/nope", path: "/metadata/labels" }], {
    code: 200,
  }),
  strategic("an unknown directive", { $patch: "x" }, 500, "unknown patch type: x in map: map[$patch:x]"),
  strategic(
    "an item without its key",
    inPod({ containers: [{ image: "b" }] }),
    500,
    "map: map[image:b] does not contain declared merge key: name",
  ),
  strategic(
    "a key that is not retained",
    { spec: { $retainKeys: ["a"], replicas: 2 } },
    400,
    "invalid patch format of retainKeys",
  ),
  strategic(
    "an order of no list",
    { spec: { $setElementOrderx: [] } },
    400,
    "invalid patch format of setElementOrder list",
  ),
  strategic(
    "an order that does not fit",
    inPod({ "$setElementOrder/containers": [{ name: "x" }], containers: [{ name: "web" }] }),
    500,
    "The order in patch list:\n[map[name:web]]\n doesn't match $setElementOrder list:\n[map[name:x]]\n",
  ),
  strategic(
    "an unknown directive in an item",
    inPod({ containers: [{ $patch: "foo", name: "web" }] }),
    500,
    "unknown patch type: foo in map: map[$patch:foo name:web]",
  ),
];

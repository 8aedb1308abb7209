import type { DiffRow } from "../../src/cli/print/differences.ts";
import { compare, removalOf, sidesOf, toJsonPatch } from "../../src/diff/index.ts";
import {
  type FieldChange,
  type KubeObject,
  type LeftField,
  type LiveObject,
  refOf,
  type SchemaNode,
} from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "../diff/server.ts";
import { CONFIG_MAP, DEPLOYMENT, SECRET } from "../diff/small-schema.ts";

interface Case {
  readonly desired: KubeObject;
  readonly there: LiveObject | undefined;
  readonly schema: SchemaNode;
  readonly base?: KubeObject;
  readonly left?: readonly LeftField[];
  readonly setApplied?: boolean;
}

/** One row of a diff, from a real comparison to what each format takes from it. */
function rowOf({ desired, there, schema, base, left, setApplied = true }: Case): DiffRow {
  const input = { desired, manifestHash: "two", live: there, schema, setApplied, ...(base && { base }) };
  const { status, changes } = compare(input);
  return rowWith(desired, there, { sync: status, changes, ...(left && { left }) });
}

function rowWith(
  object: KubeObject,
  there: LiveObject | undefined,
  found: Pick<DiffRow, "sync" | "left"> & { readonly changes: readonly FieldChange[] },
): DiffRow {
  const changes = [...found.changes];
  return {
    ref: refOf(object),
    ...{ ...found, changes },
    origin: { repo: "https://git.example/shop.git", revision: "b".repeat(40), file: "web.yaml", line: 3 },
    ...sidesOf(there, changes, object),
    patch: toJsonPatch(there, changes, object),
  };
}

const config = (data: { readonly [key: string]: string }): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "config", namespace: "shop" },
  data,
});
const lines = (changed: { readonly [line: number]: string }) =>
  Array.from({ length: 40 }, (_, line) => `${changed[line] ?? `setting.${line} = on`}\n`).join("");
const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (data: { readonly [key: string]: string }): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace: "shop" },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, base64(value)])),
});

const env = (...names: string[]) => names.map((name) => ({ name, value: name.toLowerCase() }));
const REPLICAS = ["f:spec", "f:replicas"];
const IMAGE = ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"web"}', "f:image"];

/** A container that was renamed in Git, whose image somebody changed, with another order and a new variable; and somebody's own. */
function deployment(): DiffRow {
  const base = stamped(web({ replicas: 2, image: "nginx:1", container: { env: env("A", "B", "C") } }), "one");
  const desired = stamped(web({ replicas: 3, image: "nginx:1", container: { env: env("C", "A", "NEW", "B") } }), "two");
  const now = stamped(
    web({ replicas: 5, image: "nginx:2", container: { env: [...env("A", "B", "C", "DEBUG")] } }),
    "one",
  );
  const others = [
    entryOf("hand", { "f:spec": { "f:replicas": {} } }, { subresource: "scale" }),
    entryOf("kubectl-edit", {
      "f:spec": {
        "f:template": {
          "f:spec": {
            "f:containers": {
              'k:{"name":"web"}': {
                "f:image": {},
                "f:env": { 'k:{"name":"DEBUG"}': { ".": {}, "f:name": {}, "f:value": {} } },
              },
            },
          },
        },
      },
    }),
  ];
  const path = "/spec/minReadySeconds";
  const left = [
    {
      path,
      pointer: path,
      desired: 5,
      live: 10,
      to: "whoever takes it",
      reason: "tuned by hand",
      source: "application",
    },
  ] as const;
  const there = live(base, { now, lost: [REPLICAS, IMAGE], others });
  return rowOf({ desired, there, schema: DEPLOYMENT, base, left });
}

function configMap(): DiffRow {
  const wanted = { "app.conf": lines({}), mode: "on", banner: `${"=".repeat(100)} Welcome ${"=".repeat(30)}` };
  const found = {
    ...wanted,
    "app.conf": lines({ 7: "setting.7 = off", 30: "", 31: "\u001b[31mred" }),
    banner: wanted.banner.replace("Welcome", "Goodbye"),
  };
  const desired = stamped(config(wanted), "two");
  const others = [entryOf("kubectl-edit", { "f:data": { "f:app.conf": {}, "f:banner": {} } })];
  const lost = [
    ["f:data", "f:app.conf"],
    ["f:data", "f:banner"],
  ];
  return rowOf({
    desired,
    there: live(desired, { now: stamped(config(found), "two"), schema: CONFIG_MAP, others, lost }),
    schema: CONFIG_MAP,
  });
}

function login(): DiffRow {
  const desired = stamped(secret({ password: "correct horse", user: "shop" }), "two");
  const now = stamped(secret({ password: "battery staple", user: "shop" }), "two");
  const others = [entryOf("kubectl-edit", { "f:data": { "f:password": {} } })];
  return rowOf({
    desired,
    there: live(desired, { now, schema: SECRET, others, lost: [["f:data", "f:password"]] }),
    schema: SECRET,
  });
}

function created(): DiffRow {
  const object = stamped({ ...config({ a: "1" }), metadata: { name: "fresh", namespace: "shop" } }, "two");
  return rowOf({ desired: object, there: undefined, schema: CONFIG_MAP, setApplied: false });
}

function removed(): DiffRow {
  const there = live(stamped({ ...config({ a: "1" }), metadata: { name: "old", namespace: "shop" } }, "one"), {
    schema: CONFIG_MAP,
  });
  return rowWith(there, there, { sync: "Pending", changes: [removalOf(there)] });
}

function leftAlone(): DiffRow {
  const there = live(web({ replicas: 4 }));
  const path = "/spec/replicas";
  const reason = "its minReplicas and maxReplicas decide";
  const left = [
    { path, pointer: path, live: 4, to: "HorizontalPodAutoscaler web", reason, source: "built-in" },
  ] as const;
  return rowWith({ ...there, metadata: { ...there.metadata, name: "scaled" } }, there, {
    sync: "Synced",
    changes: [],
    left,
  });
}

/** Everything that a diff can show, once. */
export function diffRows(): readonly DiffRow[] {
  return [configMap(), created(), removed(), deployment(), leftAlone(), login()];
}

import { describe, expect, test } from "vitest";
import { compare, maskChange, maskObject, printComparison, toJsonPatch } from "../../src/diff/index.ts";
import { type KubeObject, type LiveObject, refOf } from "../../src/model/index.ts";
import { entryOf, live, stamped } from "./server.ts";
import { CONFIG_MAP, SECRET } from "./small-schema.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (data: { readonly [key: string]: string }): KubeObject =>
  stamped(
    { apiVersion: "v1", kind: "Secret", metadata: { name: "pass", namespace: "shop" }, type: "Opaque", data },
    "one",
  );
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

function changesOf(desired: KubeObject, there: LiveObject | undefined) {
  return compare({ desired, manifestHash: "one", live: there, schema: SECRET, setApplied: true }).changes;
}

describe("values of a Secret", () => {
  const wanted = secret({ user: base64("admin") });

  test("are markers that tell equal from unequal, in desired and live", () => {
    const there = live(wanted, {
      schema: SECRET,
      now: secret({ user: base64("mallory") }),
      lost: [["f:data", "f:user"]],
    });
    expect(changesOf(wanted, there)).toMatchObject([{ path: "/data/user", desired: "(masked A)", live: "(masked B)" }]);
  });

  test("say whether the base was the wanted or the live one", () => {
    const change = {
      path: "/data/a",
      pointer: "/data/a",
      desired: "x",
      live: "y",
      base: "x",
      class: "conflict",
    } as const;
    expect(maskChange(wanted, change)).toMatchObject({ desired: "(masked A)", live: "(masked B)", base: "(masked A)" });
  });

  test("that are the same bytes are told to be, however their base64 is spelt", () => {
    const spelt = {
      path: "/data/a",
      pointer: "/data/a",
      desired: "aGk=\n",
      live: "aGl=",
      base: "aGo=",
      class: "drift",
    } as const;
    expect(maskChange(wanted, spelt)).toMatchObject({ desired: "(masked A)", live: "(masked A)", base: "(masked B)" });
    const whole = {
      path: "/data",
      pointer: "/data",
      desired: { a: "aGk=" },
      live: { a: "aGl=" },
      class: "drift",
    } as const;
    expect(maskChange(wanted, whole)).toMatchObject({ desired: { a: "(masked A)" }, live: { a: "(masked A)" } });
  });

  test("of two keys are never compared, in a change of the whole map and in an object alone", () => {
    const [desired, live] = [
      { a: base64("one"), b: base64("two") },
      { a: base64("one"), b: base64("one") },
    ];
    expect(maskChange(wanted, { path: "/data", pointer: "/data", desired, live, class: "drift" })).toMatchObject({
      desired: { a: "(masked A)", b: "(masked A)" },
      live: { a: "(masked A)", b: "(masked B)" },
    });
    expect(maskObject(secret(live))["data"]).toEqual({ a: "(masked)", b: "(masked)" });
  });

  test("have the same markers in every change, so that nothing can be compared across", () => {
    const there = live(wanted, { schema: SECRET, now: secret({}), lost: [["f:data"]] });
    const both = secret({ user: base64("one"), word: base64("two") });
    expect(changesOf(both, there).map(({ desired }) => desired)).toEqual(["(masked A)", "(masked A)"]);
  });

  test("are masked where they are foreign, and in an object that is missing", () => {
    const others = [entryOf("eve", { "f:data": { "f:door": {} } })];
    const now = secret({ user: base64("admin"), door: base64("open") });
    const changes = [
      ...changesOf(wanted, live(wanted, { schema: SECRET, now, others })),
      ...changesOf(wanted, undefined),
    ];
    expect(changes).toMatchObject([
      { path: "/data/door", live: "(masked A)" },
      { path: "", class: "drift" },
    ]);
    expect(JSON.stringify(changes)).not.toMatch(new RegExp(`${base64("open")}|${base64("admin")}`));
  });

  test("are neither printed nor in a patch", () => {
    const now = secret({ user: base64("mallory"), keep: base64("kept") });
    const there = live(wanted, { schema: SECRET, now, lost: [["f:data", "f:user"]] });
    const changes = changesOf(wanted, there);
    expect(printComparison(refOf(wanted), { changes }, { now: 0 })).toContain("(masked A) -> (masked B)");
    expect(toJsonPatch(there, changes)).toEqual([{ op: "replace", path: "/data/user", value: "(masked A)" }]);
  });
});

describe("a Secret that is not shaped like one", () => {
  test.for([{ data: "hunter2" }, { data: ["hunter2"] }, { stringData: "hunter2" }, { Data: { a: "hunter2" } }])(
    "shows nothing: %j",
    (fields) => {
      const odd: KubeObject = { apiVersion: "v1", kind: "Secret", metadata: { name: "s" }, ...fields };
      expect(JSON.stringify(maskObject(odd))).not.toContain("hunter2");
      const [name = ""] = Object.keys(fields);
      for (const path of ["", `/${name}`, `/${name}/a`]) {
        const change = { path, pointer: path, desired: "hunter2", live: { a: "hunter2" }, class: "drift" } as const;
        expect(JSON.stringify(maskChange(odd, change))).not.toContain("hunter2");
      }
    },
  );
});

test("kubectl's copy in an annotation is masked in every kind", () => {
  const metadata = { name: "c", annotations: { [LAST_APPLIED]: "hunter2", other: "seen" } };
  const object: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } };
  expect(maskObject(object)).toEqual({
    ...object,
    metadata: { name: "c", annotations: { [LAST_APPLIED]: "(masked)", other: "seen" } },
  });
  const entry = entryOf("kubectl-client-side-apply", {
    "f:metadata": { "f:annotations": { [`f:${LAST_APPLIED}`]: {} } },
  });
  const wanted = stamped({ ...object, metadata: { name: "c" } }, "one");
  const now = {
    ...wanted,
    metadata: { ...wanted.metadata, annotations: { ...wanted.metadata.annotations, ...metadata.annotations } },
  };
  const there = live(wanted, { now, schema: CONFIG_MAP, others: [entry] });
  const found = compare({ desired: wanted, manifestHash: "one", live: there, schema: CONFIG_MAP, setApplied: true });
  expect(found.changes).toMatchObject([{ class: "foreign", live: "(masked A)" }]);
});

import { expect, test } from "vitest";
import type { ErrorCode } from "../../src/model/index.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, yaml } from "./manifests.ts";
import { World } from "./world.ts";

const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
  .split("")
  .map((name, i) => `${name}: &${name} [${Array(10).fill(`*${"abcdefghij"[i]}`).join(",")}]`)
  .join("\n")}\n`;
const role = (apiVersion: string) => yaml(apiVersion, "Role", "old", { rules: [] });

/** Each in a folder of its own beside a good object, one after the other, in one process. */
const CASES: readonly (readonly [string, string, ErrorCode])[] = [
  ["a tab", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n", "PL-YAML-TAB"],
  [
    "a key given twice",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}\ndata: {a: c}\n",
    "PL-YAML-DUPLICATE-KEY",
  ],
  ["a misspelt apiVersion", yaml("app/v1", "Deployment", "x", {}), "PL-KIND-UNKNOWN"],
  ["extensions/v1beta1", yaml("extensions/v1beta1", "Deployment", "x", {}), "PL-KIND-REMOVED"],
  ["rbac v1beta1", role("rbac.authorization.k8s.io/v1beta1"), "PL-KIND-REMOVED"],
  ["a kind whose definition is missing", yaml("nowhere.example.com/v1", "Gadget", "x", {}), "PL-KIND-UNKNOWN"],
  ["two documents of one object", `${configMap("x", {})}---\n${configMap("x", { a: "1" })}`, "PL-MANIFEST-DUPLICATE"],
  ["a 20 MB file", configMap("x", { big: "x".repeat(20_000_000) }), "PL-YAML-TOO-LARGE"],
  ["100,000 documents", "---\n{}\n".repeat(100_000), "PL-YAML-TOO-MANY"],
  ["an alias bomb", `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${bomb}`, "PL-YAML-ALIASES"],
  [
    "__proto__",
    `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "__proto__": {"polluted": true}}`,
    "PL-YAML-KEY",
  ],
  ["a document without a kind", "apiVersion: v1\nmetadata: {name: x}\n", "PL-MANIFEST-INCOMPLETE"],
  ["a field that does not exist", yaml("v1", "ConfigMap", "x", { dta: {} }), "PL-KUBE-UNKNOWN-FIELD"],
  ["a wrong type", yaml("v1", "ConfigMap", "x", { data: { a: 1 } }), "PL-KUBE-INVALID"],
];

describeTarget("bad input", () => {
  test("has a code of its own and a next step each, and ends neither the process nor the good application", {
    timeout: 240_000,
  }, async () => {
    await using world = await World.synced({ files: { "web/good.yaml": configMap("good", { a: "1" }) } });
    for (const [name, text, code] of CASES) {
      const revision = await world.commit({ "web/bad.yaml": text });
      const { problems } = await world.status(
        (status) => status.source.revision === revision && status.problems.length > 0,
      );
      expect
        .soft(
          problems.map((problem) => problem.code),
          name,
        )
        .toContain(code);
      for (const problem of problems) {
        expect.soft(problem.next, name).not.toBe("");
        expect.soft(problem.where ?? "", name).toMatch(/bad|x/);
      }
    }
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    await world.commit({ "web/bad.yaml": null });
    await world.status(({ sync, problems }) => sync.status === "Synced" && problems.length === 0);
    expect(await world.object("configmap", "good")).toBeDefined();
  });

  test("in bytes and links is told as well", async () => {
    await using world = await World.synced({ files: { "web/good.yaml": configMap("good", {}) } });
    await world.repository.commit({ "web/bad.yaml": Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]) });
    await world.status(({ problems }) => problems.some(({ code }) => code === "PL-YAML-UTF8"));
    await world.repository.commit({ "web/bad.yaml": { link: "../../../etc/passwd" } });
    await world.status(({ problems }) => problems.some(({ code }) => code === "PL-LINK-ESCAPES"));
  });

  test("an immutable field, a forbidden namespace and an object in another application's hands are told by name", async () => {
    await using world = await World.synced({
      files: { "web/deploy.yaml": deployment("web"), "web/good.yaml": configMap("good", {}) },
    });
    const other = JSON.parse(deployment("web")) as { spec: { selector: object; template: { metadata: object } } };
    other.spec.selector = { matchLabels: { app: "other" } };
    other.spec.template.metadata = { labels: { app: "other" } };
    await world.commit({ "web/deploy.yaml": JSON.stringify(other) });
    const immutable = await world.status(({ problems }) => problems.some(({ code }) => code === "PL-KUBE-IMMUTABLE"));
    expect(JSON.stringify(immutable.problems)).toContain("spec.selector");

    world.plumbline.setApplications(
      `${world.applicationDocument({})}\n---\n${world.applicationDocument({}).replace('"name":"web"', '"name":"thief"')}`,
    );
    const thief = await world.plumbline.status("default/thief", ({ problems }) =>
      problems.some(({ code }) => code === "PL-OBJECT-CLAIMED"),
    );
    expect(JSON.stringify(thief.problems)).toContain("default/web");
  });
});

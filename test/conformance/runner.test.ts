import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const MAIN = join(import.meta.dirname, "main.ts");

function folderOf(files: { readonly [path: string]: unknown }): string {
  const root = mkdtempSync(join(tmpdir(), "plumb-cases-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

async function conformance(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return await new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

const pod = (phase: string) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, status: { phase } });

test("sets are found by their form, whatever the files are called, and the words of Argo CD are understood", async () => {
  const cases = [{ name: "a failed Pod", object: pod("Failed"), expectedStatus: "Degraded" }];
  const { code, stdout } = await conformance(folderOf({ "any/name.json": cases, "notes.json": { about: "nothing" } }));
  expect(stdout).toBe(
    [
      "health: 1 cases, 1 right, 0 wrong",
      ...["ssa", "seeds", "strategic merge", "json merge", "openapi"].map((name) => `${name}: none here, skipped`),
      "in all: 1 cases, 1 right, 0 wrong\n",
    ].join("\n"),
  );
  expect(code).toBe(0);
});

test("a wrong case is named with both answers, and makes it exit with 1", async () => {
  const cases = [{ name: "odd", object: pod("Failed"), expectedStatus: "Current" }, { name: "no case" }];
  const root = folderOf({ "health/x.json": cases });
  const { code, stdout } = await conformance(root, "--json", join(root, "out.json"));
  expect(stdout).toContain("wrong: odd: Degraded (failed), and they say Current");
  expect(stdout).toContain("wrong: no case: is no case: its status is undefined");
  expect(code).toBe(1);
  const result = JSON.parse(readFileSync(join(root, "out.json"), "utf8"));
  expect(result).toMatchObject({ folder: root, cases: 2, right: 0, wrong: 2, onPurpose: 0, unreadable: [] });
  expect(result.sets).toMatchObject([
    { name: "health", cases: 2, right: 0, wrong: [{ name: "odd" }, { name: "no case" }] },
  ]);
});

test("what cannot be read is told, the rest is run, and it exits with 2", async () => {
  const right = [{ name: "a", object: pod("Failed"), expectedStatus: "Failed" }];
  const { code, stdout } = await conformance(folderOf({ "a.json": right, "b.json": "{", "c.json": { steps: [null] } }));
  expect(stdout).toContain("health: 1 cases, 1 right");
  expect(stdout).toMatch(/^unreadable: b\.json: /m);
  expect(stdout).toMatch(/^unreadable: ssa: /m);
  expect(code).toBe(2);
});

test.each([[[]], [["/nowhere"]], [["a", "b"]], [["--what"]]])("%j is answered with what to do, and 2", async (args) => {
  const { code, stderr } = await conformance(...args);
  expect(stderr).toMatch(/usage: npm run conformance|next: /);
  expect(code).toBe(2);
});

/** A ConfigMap that we applied with `a: "1"`, edited to this. `changes`: what the server is said to change when we apply again. */
function editedTo(a: string, changes: readonly string[]) {
  const metadata = { name: "c", namespace: "n" };
  const desired = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { a: "1" } };
  const entry = (manager: string, operation: string, fields: object) => {
    return { manager, operation, apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: fields };
  };
  const live = (value: string, managedFields: object[]) => {
    return { ...desired, metadata: { ...metadata, uid: "u", resourceVersion: "1", managedFields }, data: { a: value } };
  };
  const all = { "f:data": { "f:a": {} } };
  const ours = live("1", [entry("plumbline", "Apply", all)]);
  const theirs = a === "1" ? ours : live(a, [entry("kubectl-edit", "Update", all)]);
  const truths = changes.map((path) => ({ path, op: "replace", live: a, applied: "1" }));
  return {
    steps: [
      { op: "apply", manager: "plumbline", object: desired, response: { code: 201 }, live: ours },
      { op: "update", manager: "kubectl-edit", object: theirs, response: { code: 200 }, live: theirs },
    ],
    final: { desired, dryRun: { code: 200, body: ours }, changes: truths },
  };
}

test("a folder of server-side apply alone is judged with the schemas that the repository carries", async () => {
  const root = folderOf({ "000-edited.json": editedTo("2", ["/data/a"]) });
  expect(await conformance(root)).toMatchObject({ code: 0, stdout: expect.stringContaining("ssa: 1 cases, 1 right") });
});

test.each([
  ["2", [], "/data/a is reported, and the server would not change it"],
  ["1", ["/data/a"], "/data/a is not reported"],
])(
  "a diff that is not the server's is a wrong case: live has %j, the server would change %j",
  async (a, changes, wrong) => {
    const { code, stdout } = await conformance(folderOf({ "001-x.json": editedTo(a, changes) }));
    expect(stdout).toContain(wrong);
    expect(code).toBe(1);
  },
);

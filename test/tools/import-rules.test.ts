import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** A source tree in which every file breaks exactly the rule that it names. `ok` breaks none. */
const WRONG: Readonly<Record<string, { readonly file: string; readonly text: string; readonly rule: string }>> = {
  "model imports a room": { file: "src/model/a.ts", text: `import "../kit/a.ts";`, rule: "model-imports-downhill" },
  "kit imports a room": { file: "src/kit/b.ts", text: `import "../model/index.ts";`, rule: "kit-imports-downhill" },
  "source imports render": {
    file: "src/source/a.ts",
    text: `import "../render/index.ts";`,
    rule: "source-imports-downhill",
  },
  "cluster imports diff": {
    file: "src/cluster/a.ts",
    text: `import "../diff/index.ts";`,
    rule: "cluster-imports-downhill",
  },
  "health imports cluster": {
    file: "src/health/a.ts",
    text: `import "../cluster/index.ts";`,
    rule: "health-imports-downhill",
  },
  "render imports cluster": {
    file: "src/render/a.ts",
    text: `import "../cluster/index.ts";`,
    rule: "render-imports-downhill",
  },
  "diff imports plan, as a type": {
    file: "src/diff/a.ts",
    text: `import type { A } from "../plan/index.ts"; export type B = A;`,
    rule: "diff-imports-downhill",
  },
  "plan imports apply": { file: "src/plan/a.ts", text: `import "../apply/index.ts";`, rule: "plan-imports-downhill" },
  "apply imports sync": { file: "src/apply/a.ts", text: `import "../sync/index.ts";`, rule: "apply-imports-downhill" },
  "report imports cluster": {
    file: "src/report/a.ts",
    text: `import "../cluster/index.ts";`,
    rule: "report-imports-downhill",
  },
  "queue imports sync": { file: "src/queue/a.ts", text: `import "../sync/index.ts";`, rule: "queue-imports-downhill" },
  "sync imports api": { file: "src/sync/a.ts", text: `import "../api/index.ts";`, rule: "sync-imports-downhill" },
  "redis imports replicas": {
    file: "src/redis/a.ts",
    text: `import "../replicas/index.ts";`,
    rule: "redis-imports-downhill",
  },
  "replicas imports sync": {
    file: "src/replicas/a.ts",
    text: `import "../sync/index.ts";`,
    rule: "replicas-imports-downhill",
  },
  "api imports cluster": { file: "src/api/a.ts", text: `import "../cluster/index.ts";`, rule: "api-imports-downhill" },
  "web imports model": { file: "src/web/a.ts", text: `import "../model/index.ts";`, rule: "web-imports-downhill" },
  "sandbox imports plan": {
    file: "src/sandbox/a.ts",
    text: `import "../plan/index.ts";`,
    rule: "sandbox-imports-downhill",
  },
  "cli imports web": { file: "src/cli/a.ts", text: `import "../web/index.ts";`, rule: "cli-imports-downhill" },
  "a room without a row": { file: "src/shed/a.ts", text: `import "../model/index.ts";`, rule: "known-rooms" },
  "past the door": { file: "src/cli/b.ts", text: `import "../diff/inside.ts";`, rule: "through-the-door" },
  "a type past the door": {
    file: "src/cli/c.ts",
    text: `import type { A } from "../diff/inside.ts"; export type B = A;`,
    rule: "through-the-door",
  },
  "render imports what source does": {
    file: "src/render/b.ts",
    text: `import "../source/index.ts";`,
    rule: "types-only",
  },
  "the page imports the server": { file: "src/web/b.ts", text: `import "../api/index.ts";`, rule: "types-only" },
  "a circle of types": {
    file: "src/health/b.ts",
    text: `import type { A } from "./c.ts"; export interface B { a: A }`,
    rule: "no-cycles",
  },
  "a pure room opens a file": { file: "src/plan/b.ts", text: `import "node:fs";`, rule: "pure-rooms-do-no-io" },
  "kit opens a connection": { file: "src/kit/c.ts", text: `import "node:net";`, rule: "kit-does-no-io" },
  "model imports a library": { file: "src/model/b.ts", text: `import "pino";`, rule: "model-knows-one-library" },
  "an import of a development tool": { file: "src/cli/d.ts", text: `import "vitest";`, rule: "declared-dependencies" },
  "an import that leads nowhere": { file: "src/cli/e.ts", text: `import "./gone.ts";`, rule: "resolvable" },
};

const ALLOWED: Readonly<Record<string, string>> = {
  "src/health/c.ts": `import type { B } from "./b.ts"; export interface A { b: B }`,
  "src/diff/inside.ts": "export interface A { b: 1 }",
  "src/kit/a.ts": "export const a = 1;",
  "src/render/ok.ts": `import type { A } from "../source/index.ts"; export type B = A;`,
  "src/web/ok.ts": `import type { A } from "../api/index.ts"; export type B = A;`,
  "src/model/ok.ts": `import "typebox";`,
  "src/cli/ok.ts": `import "../kit/a.ts"; import "../sync/index.ts"; import "node:fs"; import "pino";`,
  "src/diff/ok.ts": `import "node:crypto"; import { hashed } from "../kit/a.ts"; export { hashed };`,
};

const ROOMS = [
  "model",
  "source",
  "cluster",
  "health",
  "render",
  "diff",
  "plan",
  "apply",
  "report",
  "redis",
  "replicas",
  "queue",
  "sync",
  "api",
  "web",
];
const ROOT = join(import.meta.dirname, "../..");
let folder: string;
/** Rules by the file that broke them. */
let broken: Map<string, Set<string>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "plumbline-imports-"));
  for (const { file, text } of Object.values(WRONG)) await put(file, text);
  for (const [file, text] of Object.entries(ALLOWED)) await put(file, text);
  for (const room of ROOMS) await put(`src/${room}/index.ts`, "export interface A { b: 1 }");
  for (const file of [".dependency-cruiser.mjs", "package.json", "tsconfig.json"]) {
    await copyFile(join(ROOT, file), join(folder, file));
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  broken = rulesByFile(await cruise());
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), `${text}\n`);
}

interface Report {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** What dependency-cruiser says about the tree; its exit code is the number of violations. */
async function cruise(): Promise<Report> {
  const hook = join(ROOT, "test/tools/typescript-six.mjs");
  const program = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const args = ["--import", hook, program, "--config", ".dependency-cruiser.mjs", "--output-type", "json", "src"];
  const text = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }, (_, stdout) => resolve(stdout));
  });
  return JSON.parse(text);
}

function rulesByFile({ summary }: Report): Map<string, Set<string>> {
  const rules = new Map<string, Set<string>>();
  for (const { from, rule } of summary.violations) {
    rules.set(from, (rules.get(from) ?? new Set()).add(rule.name));
  }
  return rules;
}

for (const [name, { file, rule }] of Object.entries(WRONG)) {
  test(`the import rules refuse: ${name}`, () => {
    expect(broken.get(file)).toContain(rule);
  });
}

test("the import rules allow what the table allows", () => {
  expect([...broken.keys()].filter((file) => file.endsWith("/ok.ts"))).toEqual([]);
});

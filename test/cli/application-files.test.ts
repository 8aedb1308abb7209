import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { declaredIn, readApplicationFiles } from "../../src/cli/applications/application-files.ts";
import { WatchedFiles } from "../../src/cli/applications/watched-files.ts";
import { type Application, applicationName, formatProblem, type Log } from "../../src/model/index.ts";
import { until } from "../e2e/until.ts";
import { temporaryFolder } from "./run-plumb.ts";

function application(name: string, spec = "  source: { repo: https://git.example/shop.git }"): string {
  return `apiVersion: plumbline.dev/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\nspec:\n${spec}\n`;
}

function declare(files: Record<string, string>) {
  const encoder = new TextEncoder();
  return declaredIn(Object.entries(files).map(([file, text]) => ({ file, bytes: encoder.encode(text) })));
}

function problemsOf(files: Record<string, string>): string {
  return declare(files).problems.map(formatProblem).join("\n");
}

test("what an application leaves out has its default", () => {
  const [declared] = declare({ "apps.yaml": application("web") }).applications;
  expect(declared?.metadata.namespace).toBe("default");
  expect(declared?.spec).toEqual({
    source: { repo: "https://git.example/shop.git", ref: "HEAD", path: "." },
    destination: { createNamespace: false },
    sync: {
      auto: true,
      prune: true,
      selfHeal: true,
      observe: false,
      adopt: "unclaimed",
      interval: "60s",
      timeout: "5m",
      pruneLimit: 50,
      windows: [],
      approve: false,
    },
    dependsOn: [],
    ignore: [],
    foreign: "report",
    health: [],
    deletion: "orphan",
    suspend: false,
  });
});

test("a file may hold several applications, and JSON", () => {
  const list = {
    apiVersion: "v1",
    kind: "List",
    items: [JSON.parse(JSON.stringify(declare({ "a.yaml": application("c") }).applications[0]))],
  };
  const { applications, problems } = declare({
    "a.yaml": `${application("a")}---\n${application("b")}`,
    "c.json": JSON.stringify(list),
  });
  expect(problems).toEqual([]);
  expect(applications.map(applicationName)).toEqual(["default/a", "default/b", "default/c"]);
});

test("a field that is wrong, unknown or missing is named with its line, its pointer and the next step", () => {
  const spec = "  source:\n    branch: main\n  sync:\n    interval: soon\n    auto: perhaps";
  expect(problemsOf({ "a.yaml": `${application("first")}---\n${application("web", spec)}` })).toMatchInlineSnapshot(`
    "PL-CONFIG-INVALID  a.yaml:13  web: /spec/source/repo: it is missing
      next: correct the field that is named; the last good configuration stays in force
    PL-CONFIG-INVALID  a.yaml:14  web: /spec/source/branch: there is no such field
      next: correct the field that is named; the last good configuration stays in force
    PL-CONFIG-INVALID  a.yaml:17  web: /spec/sync/auto: "perhaps" must be boolean
      next: correct the field that is named; the last good configuration stays in force
    PL-CONFIG-INVALID  a.yaml:16  web: /spec/sync/interval: "soon" must match pattern "^([0-9]+(h|m|s|ms))+$"
      next: correct the field that is named; the last good configuration stays in force"
  `);
});

test("what is no YAML, no object, or no Application is told with its line", () => {
  const files = {
    "a.yaml": "spec:\n\tsource: x\n",
    "b.yaml": "apiVersion: plumbline.dev/v1alpha1\nkind: Application\n",
    "c.yaml": "\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\n",
    "d.yaml": application("web").replace("v1alpha1", "v1"),
  };
  const told = declare(files).problems.map(({ code, where, message }) => `${code} ${where} ${message}`);
  expect(told).toEqual([
    "PL-CONFIG-INVALID a.yaml:2 a tab where YAML wants spaces (PL-YAML-TAB)",
    expect.stringMatching(/^PL-CONFIG-INVALID b\.yaml:1 .*\(PL-MANIFEST-INCOMPLETE\)$/),
    "PL-CONFIG-INVALID c.yaml:2 here only Applications and Projects of plumbline.dev are read, and this is a ConfigMap",
    expect.stringMatching(/^PL-CONFIG-INVALID d\.yaml:1 web: \/apiVersion: "plumbline\.dev\/v1" must /),
  ]);
});

test("two applications of one name are an error that names both places", () => {
  const [problem] = declare({ "a.yaml": application("web"), "b.yaml": application("web") }).problems;
  expect(problem).toMatchObject({
    code: "PL-CONFIG-DUPLICATE",
    where: "b.yaml:1",
    message: "default/web is already declared at a.yaml:1",
  });
});

test("of a folder the YAML and JSON files right below it are read, in order, but no hidden ones", async () => {
  const folder = temporaryFolder();
  for (const name of ["b.yml", "a.yaml", "c.json", ".hidden.yaml", "notes.txt"]) writeFileSync(join(folder, name), "");
  mkdirSync(join(folder, "..data"));
  const files = await readApplicationFiles(folder);
  expect(files.map(({ file }) => file)).toEqual(["a.yaml", "b.yml", "c.json"].map((name) => join(folder, name)));
});

class Told implements Log {
  readonly errors: object[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(fields: object): void {
    this.errors.push(fields);
  }
}

async function watched(path: string) {
  const log = new Told();
  const seen: string[][] = [];
  const names = ({ applications }: { applications: readonly Application[] }) => applications.map(applicationName);
  const files = new WatchedFiles({ path, log, pollMs: 200, onChange: (all) => seen.push(names(all)) });
  onTestFinished(() => files.stop());
  return { log, seen, first: names(await files.start()) };
}

/** As editors and ConfigMaps do it: another file takes the place. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

test("a file that changes is read again", async () => {
  const file = join(temporaryFolder(), "apps.yaml");
  writeFileSync(file, application("web"));
  const { seen, first } = await watched(file);
  expect(first).toEqual(["default/web"]);
  replace(file, `${application("web")}---\n${application("api")}`);
  await until("both applications", () => seen.length > 0);
  expect(seen).toEqual([["default/web", "default/api"]]);
});

test("a file that breaks is told once, and changes nothing until it is whole again", async () => {
  const file = join(temporaryFolder(), "apps.yaml");
  writeFileSync(file, application("web"));
  const { seen, log } = await watched(file);
  replace(file, application("web", "  sauce: {}"));
  await until("the errors", () => log.errors.length > 0);
  expect(log.errors).toMatchObject([{ code: "PL-CONFIG-INVALID" }, { code: "PL-CONFIG-INVALID" }]);
  expect(seen).toEqual([]);
  replace(file, application("api"));
  await until("the new application", () => seen.length > 0);
  expect(seen).toEqual([["default/api"]]);
  expect(log.errors).toHaveLength(2);
});

test("files that are broken at the start keep it from starting", async () => {
  const file = join(temporaryFolder(), "apps.yaml");
  writeFileSync(file, application("web", "  sauce: {}"));
  await expect(watched(file)).rejects.toMatchObject({ code: "PL-CONFIG-INVALID", where: `${file}:5` });
});

test("a declaration of many is read beside applications, and its template is checked in what it makes", () => {
  const each = "each: { name: '{{ path.name }}' }, source: { repo: https://git.example/a.git, path: 'apps/*' }";
  const fleet = (spec: string) =>
    `apiVersion: plumbline.dev/v1alpha1\nkind: Application\nmetadata: { name: apps }\nspec: { ${spec} }\n`;
  const { applications, fleets, problems } = declare({
    "a.yaml": fleet(`${each}, destination: { namespace: '{{ path.name }}' }`),
  });
  expect({ applications, problems }).toEqual({ applications: [], problems: [] });
  expect(fleets.map(applicationName)).toEqual(["default/apps"]);
  expect(declare({ "a.yaml": fleet("each: { nam: x }, source: { repo: r }") }).problems[0]).toMatchObject({
    code: "PL-CONFIG-INVALID",
    message: expect.stringContaining("/spec/each/name"),
  });
});

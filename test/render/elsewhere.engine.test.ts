import { expect, test } from "vitest";
import { PlumblineError, type SourceSpec } from "../../src/model/index.ts";
import { createRenderer, type Permit, type Renderer, type RenderResult } from "../../src/render/index.ts";
import { createRemoteSources, type Snapshot, type SourceStore } from "../../src/source/index.ts";
import { describeEngine, testEngine } from "../engine/index.ts";
import type { Changes, GitRepository } from "../git-server/index.ts";
import { chartArchive } from "../source/charts/chart-archive.ts";
import { chartServer } from "../source/charts/chart-server.ts";
import { clock } from "../source/charts/charts-bench.ts";
import { gitServer, sourceStore } from "../source/workbench.ts";

const TEMPLATE =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Chart.Name }} }\ndata: { chart: "{{ .Chart.Name }} {{ .Chart.Version }}" }\n';

interface Asked {
  readonly store: SourceStore;
  readonly renderer: Renderer;
  readonly source: Pick<SourceSpec, "repo" | "chart" | "helm" | "references"> & { readonly path?: string };
  readonly permit?: Permit;
}

async function newest(
  store: SourceStore,
  one: { repo: string; chart?: string; ref?: string; path?: string },
): Promise<Snapshot> {
  const source = { ref: "HEAD", path: ".", ...one };
  await store.poll(source);
  return await store.snapshot(source, await store.resolve(source));
}

async function rendered({ store, renderer, source, permit }: Asked): Promise<RenderResult> {
  const references = new Map<string, Snapshot>();
  for (const { name, repo, ref } of source.references ?? []) references.set(name, await newest(store, { repo, ref }));
  const release = { name: "web", namespace: "shop", revision: 1, isUpgrade: false };
  const input = { snapshot: await newest(store, source), source, references, release };
  return await renderer.render(permit === undefined ? input : { ...input, permit });
}

async function workbench(files: Changes, allowed: (url: string) => readonly string[] = () => []) {
  const git = await gitServer();
  const repository = await git.createRepository("apps", files);
  const store = await sourceStore();
  const time = clock();
  const remote = createRemoteSources({ store, allowed: allowed(git.url("elsewhere")), now: time.now });
  const resources = { ...remote, chart: (wanted: Parameters<SourceStore["chart"]>[0]) => store.chart(wanted) };
  const renderer = createRenderer({ engine: testEngine(), resources });
  const ask = ({ permit, ...source }: Omit<Asked["source"], "repo"> & Pick<Asked, "permit"> = {}) =>
    rendered({ store, renderer, source: { repo: repository.url, path: "web", ...source }, ...(permit && { permit }) });
  return { git, repository, store, renderer, time, ask };
}

const dataOf = ({ manifests }: RenderResult): unknown[] => manifests.map(({ object }) => object["data"]).sort();

describeEngine("a chart of a Helm repository", () => {
  test("is rendered out of its archive, with the newest version of the range", async () => {
    const server = await chartServer();
    for (const version of ["1.0.0", "1.3.0", "2.0.0"]) {
      server.add("web", version, {}, chartArchive("web", version, "", TEMPLATE));
    }
    const store = await sourceStore();
    const renderer = createRenderer({ engine: testEngine() });
    const source = { repo: server.repo, chart: "web", ref: "^1.0" };
    const result = await rendered({ store, renderer, source });
    expect([dataOf(result), result.problems]).toEqual([[{ chart: "web 1.3.0" }], []]);
    expect(result.manifests[0]?.origin).toMatchObject({
      repo: server.repo,
      revision: "1.3.0",
      file: "web/templates/a.yaml",
    });
  });
});

describeEngine("a dependency that charts/ lacks", () => {
  const chart = (repo: string, version: string): string =>
    `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [{ name: db, version: "${version}", repository: "${repo}" }]\n`;

  async function withRepository() {
    const server = await chartServer();
    for (const version of ["1.1.0", "1.2.0"]) server.add("db", version, {}, chartArchive("db", version, "", TEMPLATE));
    return server;
  }

  test("is fetched from its repository, the newest of the range", async () => {
    const server = await withRepository();
    const { ask } = await workbench({ "web/Chart.yaml": chart(server.repo, "^1.0") });
    expect(dataOf(await ask())).toEqual([{ chart: "db 1.2.0" }]);
  });

  test("has the version of Chart.lock", async () => {
    const server = await withRepository();
    const lock = `dependencies: [{ name: db, version: 1.1.0, repository: "${server.repo}" }]\n`;
    const { ask } = await workbench({ "web/Chart.yaml": chart(server.repo, "^1.0"), "web/Chart.lock": lock });
    expect(dataOf(await ask())).toEqual([{ chart: "db 1.1.0" }]);
  });

  test("with a lock that was made for others is an error", async () => {
    const server = await withRepository();
    const lock = `digest: sha256:00\ndependencies: [{ name: db, version: 1.1.0, repository: "${server.repo}" }]\n`;
    const { ask } = await workbench({ "web/Chart.yaml": chart(server.repo, "^1.0"), "web/Chart.lock": lock });
    expect((await ask()).problems).toMatchObject([{ code: "PL-HELM-LOCK", where: "web/Chart.lock" }]);
  });

  test("in no version that fits is an error, which names those there are", async () => {
    const server = await withRepository();
    const { ask } = await workbench({ "web/Chart.yaml": chart(server.repo, "^3.0") });
    await expect(ask()).rejects.toMatchObject({
      code: "PL-CHART-VERSION-MISSING",
      message: expect.stringContaining("1.2.0"),
    });
  });

  test("is found in a folder of the repository, with its own dependencies", async () => {
    const { ask } = await workbench({
      "web/Chart.yaml": chart("file://../middle", "1.0.0").replace("name: db", "name: middle"),
      "middle/Chart.yaml":
        'apiVersion: v2\nname: middle\nversion: 1.0.0\ndependencies: [{ name: base, version: 1.0.0, repository: "file://../base" }]\n',
      "middle/templates/a.yaml": TEMPLATE,
      "base/Chart.yaml": "apiVersion: v2\nname: base\nversion: 1.0.0\n",
      "base/templates/a.yaml": TEMPLATE,
    });
    const result = await ask();
    expect(result.problems).toEqual([]);
    expect(dataOf(result)).toEqual([{ chart: "base 1.0.0" }, { chart: "middle 1.0.0" }]);
  });
});

describeEngine("values of another repository", () => {
  test("come through $name, and another commit there is another render", async () => {
    const { git, ask } = await workbench({
      "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
      "web/templates/a.yaml": TEMPLATE.replace("{{ .Chart.Version }}", "{{ .Values.color }}"),
    });
    const values = await git.createRepository("values", { "shop/web.yaml": "color: red\n", "other.yaml": "a: 1\n" });
    const source = {
      references: [{ name: "values", repo: values.url, ref: "main" }],
      helm: { valueFiles: ["$values/shop/web.yaml"] },
    };
    const first = await ask(source);
    expect(dataOf(first)).toEqual([{ chart: "web red" }]);
    await values.commit({ "other.yaml": "a: 2\n" });
    expect((await ask(source)).key).toBe(first.key);
    await values.commit({ "shop/web.yaml": "color: green\n" });
    expect(dataOf(await ask(source))).toEqual([{ chart: "web green" }]);
  });

  test("are refused where the name is not declared", async () => {
    const { ask } = await workbench({ "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n" });
    const { problems } = await ask({ helm: { valueFiles: ["$values/web.yaml"] } });
    expect(problems).toMatchObject([{ code: "PL-RENDER-OUTSIDE", where: "$values/web.yaml" }]);
  });
});

describeEngine("a base of another repository", () => {
  const base = (color: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { color: ${color} }\n`;

  async function elsewhere(allowed: (url: string) => readonly string[], entry = "//base?ref=main") {
    const bench = await workbench({ "README.md": "" }, allowed);
    const other: GitRepository = await bench.git.createRepository("elsewhere", {
      "base/kustomization.yaml": "resources: [settings.yaml]\n",
      "base/settings.yaml": base("red"),
    });
    await bench.repository.commit({
      "web/kustomization.yaml": `resources: ["${other.url}${entry}"]\nnamePrefix: web-\n`,
    });
    return { ...bench, other };
  }

  test("is fetched where the allow list has it, and again when it has moved", async () => {
    const { ask, other, time } = await elsewhere((url) => [url]);
    const first = await ask();
    expect([dataOf(first), first.problems]).toEqual([[{ color: "red" }], []]);
    expect(first.manifests[0]?.object.metadata.name).toBe("web-settings");
    await other.commit({ "base/settings.yaml": base("green") });
    time.pass(61_000);
    expect(dataOf(await ask())).toEqual([{ color: "green" }]);
  });

  test("is refused where the allow list has it not, with what to do", async () => {
    const { ask, other } = await elsewhere(() => []);
    const { problems } = await ask();
    expect(problems).toMatchObject([{ code: "PL-RENDER-REMOTE", message: `${other.url} may not be fetched` }]);
    expect(problems[0]?.next).toContain("--remote-sources");
  });
});

describeEngine("a file from elsewhere", () => {
  test("is fetched where the allow list has it, and refused where not", async () => {
    const server = await chartServer();
    server.answers.set("/files/settings.yaml", {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: far }\ndata: { a: "1" }\n',
    });
    const url = `${server.origin}/files/settings.yaml`;
    const files = { "web/kustomization.yaml": `resources: ["${url}"]\n` };
    expect(dataOf(await (await workbench(files, () => [`${server.origin}/files/`])).ask())).toEqual([{ a: "1" }]);
    const { problems } = await (await workbench(files)).ask();
    expect(problems).toMatchObject([{ code: "PL-RENDER-REMOTE", message: `${url} may not be fetched` }]);
  });
});

describeEngine("what may not be read", () => {
  const nothing = (asked: unknown[]): Permit => ({
    key: "nothing",
    require: (source) => {
      asked.push(source);
      throw new PlumblineError("PL-PROJECT-REPOSITORY", { message: "Project shop says no" });
    },
  });

  test("is not read by a chart, a base or a file, not even where another's render of the same has it", async () => {
    const server = await chartServer();
    server.add("db", "1.0.0", {}, chartArchive("db", "1.0.0", "", TEMPLATE));
    const far = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: far }\n";
    server.answers.set("/far.yaml", { body: far });
    const dependency = `{ name: db, version: 1.0.0, repository: "${server.repo}" }`;
    const { ask, git, repository } = await workbench(
      { "web/Chart.yaml": `apiVersion: v2\nname: web\nversion: 1.0.0\ndependencies: [${dependency}]\n` },
      (url) => [url, `${server.origin}/`],
    );
    const { url } = await git.createRepository("elsewhere", {
      ...{ "base/kustomization.yaml": "resources: [far.yaml]\n", "base/far.yaml": far },
    });
    await repository.commit({
      "base/kustomization.yaml": `resources: ["${url}//base?ref=main"]\n`,
      "file/kustomization.yaml": `resources: ["${server.origin}/far.yaml"]\n`,
    });
    const found = {
      web: { repo: server.repo, chart: "db" },
      base: { repo: url },
      file: { repo: `${server.origin}/far.yaml` },
    };
    for (const [path, source] of Object.entries(found)) {
      const asked: unknown[] = [];
      const anything: Permit = { key: "anything", require: (one) => asked.push(one) };
      expect((await ask({ path, permit: anything })).problems).toEqual([]);
      expect(asked).toContainEqual(source);
      const refused: unknown[] = [];
      const refusal = ask({ path, permit: nothing(refused) });
      await expect(refusal).rejects.toMatchObject({
        ...{ code: "PL-PROJECT-REPOSITORY", where: path, message: "Project shop says no" },
      });
      expect(refused).toEqual([source]);
    }
  });
});

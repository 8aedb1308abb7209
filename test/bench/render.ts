/**
 * `npm run bench:render [-- --runs 30] [--applications 1000] [--json FILE]`: how fast charts and kustomizations are rendered, beside the
 * upstream programs run as a process each, in the same run.
 *
 * cold: from nothing to the first rendered kustomization (module read, compiled, instance started). chart: 40 templates, warm.
 * levels: a kustomization of three levels, warm. small: a base with an overlay, generator and images, warm. hit: the same again, out of
 * the cache. fleet: a thousand charts of one repository after a commit that touches one: renders, and milliseconds for all. worker:
 * resident memory that one more thread with its instance adds.
 */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import { SILENT } from "../../src/model/index.ts";
import {
  createEngine,
  createRenderer,
  type Engine,
  findEngineModule,
  type RenderInput,
} from "../../src/render/index.ts";
import { createSourceStore, type Snapshot } from "../../src/source/index.ts";
import { buildEngine } from "../engine/build.ts";
import { startGitServer } from "../git-server/index.ts";
import { upstreamPrograms, writeSizedChart } from "../render/upstream/index.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "30" },
    applications: { type: "string", default: "1000" },
    json: { type: "string" },
  },
});
const runs = Number(values.runs);
const applications = Number(values.applications);
const execute = promisify(execFile);

const folder = mkdtempSync(join(tmpdir(), "plumb-bench-render-"));
const HELM = { env: { HOME: folder }, maxBuffer: 2 ** 28 };
const programs = await upstreamPrograms();
await buildEngine(ownCacheFolder());
const git = await startGitServer();
const source = createSourceStore({ dataDir: join(folder, "data"), repositories: [], log: SILENT });
try {
  const files = filesOf();
  for (const [path, text] of Object.entries(files)) write(path, text);
  const repository = await git.createRepository("bench", files);
  print(await measured(repository));
} finally {
  await source.close();
  await git.stop();
  rmSync(folder, { recursive: true, force: true });
}

type Repository = Awaited<ReturnType<typeof git.createRepository>>;

async function measured(repository: Repository) {
  const started = performance.now();
  const engine = counted(createEngine({ ...findEngineModule({ cacheFolder: ownCacheFolder() }), workers: 1 }));
  await createRenderer({ engine }).render(of(await snapshotOf(repository, "small/overlay")));
  const cold = performance.now() - started;
  const warm = async (path: string) => {
    const snapshot = await snapshotOf(repository, path);
    const renderer = createRenderer({ engine, cacheBytes: 0 });
    return await median(() => renderer.render(of(snapshot)));
  };
  const [chart, levels, small] = [await warm("sized"), await warm("levels/top"), await warm("small/overlay")];
  const results = {
    cold,
    chart: {
      engine: chart,
      helm: await median(() => execute(programs.helm, ["template", "bench", join(folder, "sized")], HELM)),
    },
    levels: { engine: levels, kustomize: await kustomizeOf("levels/top") },
    small: { engine: small, kustomize: await kustomizeOf("small/overlay"), perSecond: 1000 / small },
    hit: await hit(repository, engine),
    fleet: await fleet(repository, engine),
    workerMiB: await workerMemory(repository),
  };
  await engine.close();
  return results;
}

async function kustomizeOf(path: string): Promise<number> {
  return await median(() => execute(programs.kustomize, ["build", join(folder, path)], HELM));
}

/** Out of memory, at the same revision and at another that did not touch it. */
async function hit(repository: Repository, engine: Engine) {
  const renderer = createRenderer({ engine });
  const snapshot = await snapshotOf(repository, "levels/top");
  await renderer.render(of(snapshot));
  const same = await median(() => renderer.render(of(snapshot)), 1000);
  const later = Array.from({ length: 200 }, (_, index): Snapshot => ({ ...snapshot, revision: `${index}` }));
  const other = await median(() => renderer.render(of(later.pop() ?? snapshot)), 200);
  return { same, otherRevision: other };
}

async function fleet(repository: Repository, engine: Counted) {
  const renderer = createRenderer({ engine, cacheBytes: 2 ** 30 });
  const all = async () => {
    const began = performance.now();
    const rendersBefore = engine.renders;
    const paths = Array.from({ length: applications }, (_, index) => `fleet/a${index}`);
    const snapshots = await Promise.all(paths.map((path) => snapshotOf(repository, path)));
    await Promise.all(snapshots.map((snapshot) => renderer.render(of(snapshot))));
    return { renders: engine.renders - rendersBefore, ms: performance.now() - began };
  };
  const first = await all();
  await repository.commit({ "fleet/a7/values.yaml": "color: red\n" });
  await source.poll(repository.url);
  return { first, afterCommit: await all() };
}

/** What each thread beyond the first adds once it has rendered the chart and the kustomization, ten times each. */
async function workerMemory(repository: Repository): Promise<number> {
  const more = 3;
  const resident = async (workers: number): Promise<number> => {
    const engine = createEngine({ ...findEngineModule({ cacheFolder: ownCacheFolder() }), workers });
    const inputs = [of(await snapshotOf(repository, "sized")), of(await snapshotOf(repository, "levels/top"))];
    for (let turn = 0; turn < 10; turn++) {
      const each = Array.from({ length: workers * 2 }, (_, index) => inputs[index % 2] ?? inputs[0]);
      await Promise.all(each.map((input) => input && createRenderer({ engine, cacheBytes: 0 }).render(input)));
    }
    const rss = process.memoryUsage.rss();
    await engine.close();
    return rss;
  };
  const alone = await resident(1);
  return ((await resident(1 + more)) - alone) / more / 2 ** 20;
}

interface Counted extends Engine {
  readonly renders: number;
}

function counted(engine: Engine): Counted {
  let renders = 0;
  return {
    version: () => engine.version(),
    close: () => engine.close(),
    render: (...job) => {
      renders++;
      return engine.render(...job);
    },
    get renders() {
      return renders;
    },
  };
}

function of(snapshot: Snapshot): RenderInput {
  return { snapshot, release: { name: "bench", namespace: "bench", revision: 1, isUpgrade: false } };
}

async function snapshotOf({ url }: Repository, path: string): Promise<Snapshot> {
  return await source.snapshot({ repo: url, path }, await source.resolve({ repo: url, ref: "main" }));
}

async function median(work: () => Promise<unknown>, times = runs): Promise<number> {
  const took: number[] = [];
  for (let index = 0; index < times + 3; index++) {
    const began = performance.now();
    await work();
    if (index >= 3) took.push(performance.now() - began);
  }
  return took.sort((one, other) => one - other)[Math.floor(took.length / 2)] ?? 0;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function filesOf(): { [path: string]: string } {
  writeSizedChart(join(folder, "made"), 40);
  const parts = Array.from({ length: 40 }, (_, index) => `templates/part-${index}.yaml`);
  const sized = ["Chart.yaml", "values.yaml", "templates/_named.tpl", ...parts];
  const files = Object.fromEntries(
    sized.map((name) => [`sized/${name}`, readFileSync(join(folder, "made", name), "utf8")]),
  );
  for (let index = 0; index < applications; index++) Object.assign(files, chartOf(`fleet/a${index}`));
  return { ...files, ...kustomizations() };
}

function chartOf(path: string): { [path: string]: string } {
  return {
    [`${path}/Chart.yaml`]: "apiVersion: v2\nname: one\nversion: 1.0.0\n",
    [`${path}/values.yaml`]: "color: blue\n",
    [`${path}/templates/a.yaml`]: `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${path.replace("/", "-")} }\ndata: { color: "{{ .Values.color }}" }\n`,
  };
}

/** The small one has what the proof of the renderer measured: a base, a generator and images. */
function kustomizations(): { [path: string]: string } {
  const deployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  selector: { matchLabels: { app: web } }\n  template:\n    metadata: { labels: { app: web } }\n    spec:\n      containers: [{ name: web, image: nginx, envFrom: [{ configMapRef: { name: settings } }] }]\n";
  const service =
    "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { selector: { app: web }, ports: [{ port: 80 }] }\n";
  const base =
    "resources: [deployment.yaml, service.yaml]\nconfigMapGenerator: [{ name: settings, literals: [a=b] }]\n";
  const patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 3 }\n";
  const of = (folderName: string) => ({
    [`${folderName}/base/deployment.yaml`]: deployment,
    [`${folderName}/base/service.yaml`]: service,
    [`${folderName}/base/kustomization.yaml`]: base,
  });
  return {
    ...of("small"),
    "small/overlay/kustomization.yaml": 'resources: [../base]\nimages: [{ name: nginx, newTag: "2" }]\n',
    ...of("levels"),
    "levels/middle/kustomization.yaml":
      'resources: [../base]\nnamePrefix: mid-\nimages: [{ name: nginx, newTag: "2" }]\n',
    "levels/top/kustomization.yaml":
      "resources: [../middle]\nnamespace: top\nlabels: [{ pairs: { env: top }, includeSelectors: true }]\npatches: [{ path: patch.yaml }]\n",
    "levels/top/patch.yaml": patch,
  };
}

function print(results: Awaited<ReturnType<typeof measured>>): void {
  const { cold, chart, levels, small, hit: hits, fleet: all, workerMiB } = results;
  const line = (name: string, text: string): void => void process.stdout.write(`${name.padEnd(34)}${text}\n`);
  const beside = (engine: number, program: number): string =>
    `${engine.toFixed(1)} ms; a process ${program.toFixed(1)} ms; ${(program / engine).toFixed(1)} times as fast`;
  line("cold start, first render", `${cold.toFixed(0)} ms`);
  line("chart of 40 templates, warm", beside(chart.engine, chart.helm));
  line("kustomization of 3 levels, warm", beside(levels.engine, levels.kustomize));
  line(
    "small kustomization, warm",
    `${beside(small.engine, small.kustomize)}; ${small.perSecond.toFixed(0)} a second a worker`,
  );
  line("cache hit", `${hits.same.toFixed(3)} ms; at another revision ${hits.otherRevision.toFixed(3)} ms`);
  line(`${applications} applications, first`, `${all.first.renders} renders, ${all.first.ms.toFixed(0)} ms`);
  line("... after a commit to one of them", `renders: ${all.afterCommit.renders}, ${all.afterCommit.ms.toFixed(0)} ms`);
  line("memory of a worker", `${workerMiB.toFixed(0)} MiB`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

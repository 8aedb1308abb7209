import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INVENTORY } from "./judge/converged.ts";
import type { Stage } from "./stage.ts";

const OF_ONE = "/api/v1/applications/{namespace}/{name}";

/** Whatever Plumbline shows to anybody, as text by its place: every GET of its API, and what it writes about itself into the cluster and the data folder. */
export async function surfaces(stage: Stage, applications: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const [api, cluster] = await Promise.all([apiAnswers(stage, applications), clusterTexts(stage)]);
  return new Map([...api, ...cluster, ...historyFiles(stage)]);
}

async function apiAnswers(stage: Stage, applications: readonly string[]): Promise<[string, string][]> {
  const { paths } = await stage.plumbline.get<{ paths: { readonly [path: string]: { readonly get?: object } } }>(
    "/openapi.json",
  );
  const gets = Object.keys(paths).filter((path) => paths[path]?.get !== undefined && !path.includes("stream"));
  const asked = gets.flatMap((path) =>
    path.startsWith(OF_ONE) ? applications.map((name) => path.replace("{namespace}/{name}", name)) : [path],
  );
  const more = applications.flatMap((name) => [
    `/api/v1/applications/${name}/diff?show=objects`,
    `/api/v1/applications/${name}/diff?show=patch`,
  ]);
  const answers = [...asked, ...more, "/api/v1/drift?state=all", "/metrics"].filter((path) => !path.includes("{"));
  return await Promise.all(
    answers.map(async (path) => [`GET ${path}`, await textOf(`${stage.plumbline.address}${path}`)] as [string, string]),
  );
}

/** An error's text counts as well: it must not show a secret either. */
async function textOf(url: string): Promise<string> {
  const answer = await fetch(url, {
    headers: { accept: "application/json, text/plain" },
    signal: AbortSignal.timeout(30_000),
  });
  return await answer.text();
}

const IN_CLUSTER = [
  "/api/v1/events",
  "/apis/plumbline.dev/v1alpha1/applications",
  `/api/v1/namespaces/${INVENTORY}/configmaps`,
];

async function clusterTexts({ direct }: Stage): Promise<[string, string][]> {
  return await Promise.all(
    IN_CLUSTER.map(async (path) => [path, JSON.stringify(await direct.list(path))] as [string, string]),
  );
}

/** Databases in the data folder; the mirrors beside them are Git's own, with all that Git has. */
function historyFiles({ plumbline }: Stage): [string, string][] {
  const folder = join(plumbline.dir, "data");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /history|sqlite|\.db/.test(name))
    .map((name) => [`file ${name}`, readFileSync(join(folder, name), "latin1")]);
}

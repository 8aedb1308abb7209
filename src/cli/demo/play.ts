import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApplicationsPage, DriftPage, SyncAccepted } from "../../api/index.ts";
import { type Cluster, createCluster } from "../../cluster/index.ts";
import { formatDuration } from "../../kit/duration.ts";
import { formatField } from "../../kit/format-field.ts";
import { sleep } from "../../kit/sleep.ts";
import { isDifference, isJsonObject, PlumblineError, type Ref, SILENT } from "../../model/index.ts";
import { runGit } from "../../sandbox/index.ts";
import { ApiClient } from "../client/api-client.ts";
import type { Demo } from "./demo-parts.ts";
import type { Narrator } from "./narrator.ts";

const STEP_MS = 60_000;
const PAUSE_MS = 25;

const FRONTEND: Ref = { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "frontend" };
const BACKEND: Ref = { ...FRONTEND, name: "backend" };
const SETTINGS: Ref = { group: "", version: "v1", kind: "ConfigMap", namespace: "blog", name: "web" };
const HAND = "ann";
/** The examples that need no renderer. */
const PLAIN: readonly string[] = ["blog", "shop"];

interface Playing {
  readonly demo: Demo;
  /** As a user has it: a connection and a view of its own. */
  readonly cluster: Cluster;
  readonly api: ApiClient;
  readonly signal: AbortSignal;
}

interface Step {
  readonly name: string;
  /** Gives what was seen, in words. */
  readonly take: (playing: Playing) => Promise<string>;
}

const STEPS: readonly Step[] = [
  { name: "both applications become Synced and Healthy", take: bothAreHealthy },
  { name: "clone, change a replica count, commit and push", take: commitAndPush },
  { name: "the commit is applied", take: commitIsApplied },
  { name: "scale a Deployment by hand", take: scaleByHand },
  { name: "the drift is reported, with its author", take: driftIsReported },
  { name: "a sync heals it", take: syncHeals },
  { name: "edit a ConfigMap of the other application by hand", take: editByHand },
  { name: "that one heals by itself", take: healsByItself },
  { name: "a chart and a kustomization are rendered, and are Synced and Healthy", take: restIsHealthy },
];

export interface PlayOptions {
  readonly narrator: Pick<Narrator, "say">;
  readonly signal: AbortSignal;
  /** Longest wait for a step to be seen. Default a minute. */
  readonly stepMs?: number;
}

/** Takes the walk's steps one after the other, as a user would: with git, and over the two APIs. Errors: PL-DEMO-STEP, PL-DEMO-TIMEOUT. */
export async function playWalk(demo: Demo, { narrator, signal, stepMs = STEP_MS }: PlayOptions): Promise<void> {
  const cluster = await createCluster({ kubeconfig: demo.kubernetes.kubeconfig, log: SILENT });
  try {
    const playing = {
      demo,
      cluster,
      api: new ApiClient({ server: demo.address, token: undefined, say: () => {} }),
      signal,
    };
    for (const step of STEPS) {
      const started = performance.now();
      const seen = await taken(step, { ...playing, stepMs });
      narrator.say(`${step.name}: ${seen} (${Math.round(performance.now() - started)} ms)`);
    }
  } finally {
    await cluster.close();
  }
}

async function taken({ name, take }: Step, { stepMs, ...playing }: Playing & { stepMs: number }): Promise<string> {
  const late = AbortSignal.timeout(stepMs);
  try {
    return await take({ ...playing, signal: AbortSignal.any([playing.signal, late]) });
  } catch (cause) {
    playing.signal.throwIfAborted();
    if (late.aborted) {
      const message = `not seen within ${formatDuration(stepMs)}`;
      throw new PlumblineError("PL-DEMO-TIMEOUT", { message, where: name, cause });
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-DEMO-STEP", { message, where: name, cause });
  }
}

/** Asks again until there is an answer. */
async function seen<T>(signal: AbortSignal, ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(PAUSE_MS, signal);
  }
}

async function bothAreHealthy({ api, signal }: Playing): Promise<string> {
  return await seen(signal, async () => {
    const { items } = await api.get<ApplicationsPage>("/api/v1/applications");
    const well = items.filter((item) => PLAIN.includes(item.name) && isWell(item));
    return well.length === PLAIN.length ? well.map(({ name }) => name).join(" and ") : undefined;
  });
}

function isWell({ sync, health }: ApplicationsPage["items"][number]): boolean {
  return sync.status === "Synced" && health.status === "Healthy";
}

/** Where the renderer cannot be had the rest of the examples waits, and says why: that is seen then. */
async function restIsHealthy({ demo, api, signal }: Playing): Promise<string> {
  return await seen(signal, async () => {
    const { items } = await api.get<ApplicationsPage>("/api/v1/applications");
    const rest = items.filter(({ name }) => !PLAIN.includes(name));
    if (rest.every(isWell)) return rest.map(({ name }) => name).join(", ");
    const why = demo.renderer.whyMissing();
    const isSaid = rest.every(({ sync }) => why !== undefined && sync.message === why);
    return isSaid && !/being built/.test(why ?? "") ? `they wait, ${why}` : undefined;
  });
}

async function commitAndPush({ demo, signal }: Playing): Promise<string> {
  const clone = join(demo.folder, "clone");
  const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  await runGit(demo.folder, ["clone", "--quiet", ...author, demo.repository, clone], { signal });
  const file = join(clone, "shop", "frontend.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("replicas: 2", "replicas: 3"));
  await runGit(clone, ["commit", "--quiet", "--all", "--message", "A third frontend"], { signal });
  await runGit(clone, ["push", "--quiet"], { signal });
  return `commit ${(await runGit(clone, ["rev-parse", "HEAD"], { signal })).slice(0, 7)}`;
}

async function commitIsApplied({ demo, cluster, api, signal }: Playing): Promise<string> {
  const head = await runGit(join(demo.folder, "clone"), ["rev-parse", "HEAD"], { signal });
  await seen(signal, async () => ((await replicasOf(cluster, FRONTEND, signal)) === 3 ? true : undefined));
  return await seen(signal, async () => {
    const { items } = await api.get<ApplicationsPage>("/api/v1/applications");
    const shop = items.find(({ name }) => name === "shop");
    const isThere = shop?.source.revision === head && shop?.sync.status === "Synced";
    return isThere ? "replicas 2 -> 3 in the cluster" : undefined;
  });
}

async function scaleByHand({ cluster, signal }: Playing): Promise<string> {
  await cluster.patch(BACKEND, { spec: { replicas: 5 } }, { subresource: "scale", manager: HAND, signal });
  return `shop/backend to 5 replicas, by ${HAND}`;
}

async function driftIsReported({ api, signal }: Playing): Promise<string> {
  return await seen(signal, async () => {
    const { items } = await api.get<DriftPage>("/api/v1/drift", { application: "default/shop" });
    const found = items.find(({ ref, change }) => ref.name === BACKEND.name && change.path === "/spec/replicas");
    if (found?.change.manager !== HAND) return undefined;
    const { desired, live, manager } = found.change;
    return `${formatField(found.change)}  ${String(desired)} -> ${String(live)}, by ${manager}`;
  });
}

async function syncHeals({ cluster, api, signal }: Playing): Promise<string> {
  await api.post<SyncAccepted>("/api/v1/applications/default/shop/sync");
  await seen(signal, async () => ((await replicasOf(cluster, BACKEND, signal)) === 2 ? true : undefined));
  await seen(signal, async () => {
    const { items } = await api.get<DriftPage>("/api/v1/drift", { application: "default/shop" });
    return items.some(({ change }) => isDifference(change)) ? undefined : true;
  });
  return "shop/backend has 2 replicas again, and nothing drifts";
}

async function editByHand({ cluster, signal }: Playing): Promise<string> {
  await cluster.patch(SETTINGS, { data: { WORDPRESS_DB_HOST: "elsewhere" } }, { manager: HAND, signal });
  return `WORDPRESS_DB_HOST of blog/web, by ${HAND}`;
}

async function healsByItself({ cluster, signal }: Playing): Promise<string> {
  return await seen(signal, async () => {
    const data = (await cluster.get(SETTINGS, signal))?.["data"];
    return isJsonObject(data) && data["WORDPRESS_DB_HOST"] === "mysql" ? "it is mysql again" : undefined;
  });
}

async function replicasOf(cluster: Cluster, ref: Ref, signal: AbortSignal): Promise<unknown> {
  const spec = (await cluster.get(ref, signal))?.["spec"];
  return isJsonObject(spec) ? spec["replicas"] : undefined;
}

import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { createApi, type ReplicaFleet } from "../../api/index.ts";
import { type Cluster, createClusters } from "../../cluster/index.ts";
import { openRedisQueues } from "../../queue/index.ts";
import { createEngine, createRenderer, findEngineModule } from "../../render/index.ts";
import { createHistory, createMetrics, createReportStore, type Metrics, type ReportStore } from "../../report/index.ts";
import { createRemoteSources, createSourceStore } from "../../source/index.ts";
import { createSync, KeptApplications, type Sync, writeRightOf } from "../../sync/index.ts";
import { ApplicationObjects } from "../applications/application-objects.ts";
import { ApplicationSet } from "../applications/application-set.ts";
import { followApplications } from "../applications/cluster-applications.ts";
import { FollowedKind } from "../applications/followed-kind.ts";
import { ProjectSet } from "../applications/project-set.ts";
import { StatusWriter } from "../applications/status-writer.ts";
import type { ServeSettings } from "../settings/serve.ts";
import { ownVersion } from "../version.ts";
import { openReplicas, type ReplicaParts } from "./replicas.ts";
import { type TokensFile, webhookSecretOf } from "./tokens-file.ts";

/** What is being done about a renderer that is not there yet. */
export interface WhyMissing {
  readonly whyMissing?: () => string | undefined;
}

/** Every object of the process, put together and not yet started. */
export async function wire(settings: ServeSettings, log: Logger, missing: WhyMissing = {}) {
  const report = createReportStore({ now: Date.now });
  const metrics = createMetrics({ version: ownVersion(), report, redis: settings.redis !== undefined });
  const history = createHistory({ file: join(settings.dataDir, "history.sqlite"), log, now: Date.now });
  const shared = await openReplicas(settings, { log, onRedis: (event) => metrics.redis(event) });
  const kept = shared && new KeptApplications(settings.inventoryNamespace);
  const { clusters, follow: followClusters } = await openClusters(settings, { log, metrics, kept });
  const source = createSourceStore({
    ...(shared === undefined ? {} : { shared: shared.sources }),
    dataDir: settings.dataDir,
    repositories: settings.repositories,
    log,
    onRequest: ({ operation, ok }) => metrics.gitRequest({ operation, ok }),
  });
  const { inventoryNamespace, concurrency, ignore } = settings;
  const engine = createEngine(findEngineModule({ cacheFolder: settings.cacheFolder, ...missing }));
  const remote = createRemoteSources({ store: source, allowed: settings.remoteSources });
  const renderer = createRenderer({
    engine,
    resources: { ...remote, chart: (wanted) => source.chart(wanted) },
    disk: { folder: join(settings.dataDir, "renders") },
    log,
  });
  const queues = await openQueues(settings, { log, metrics });
  const sync = createSync({
    ...(shared === undefined ? {} : { division: shared.replicas, neighbours: shared.neighbours }),
    ...(kept === undefined ? {} : { kept }),
    ...{ clusters, source, renderer, report, history, metrics, log },
    ...{ ignore, inventoryNamespace, concurrency, requireProjects: settings.projects === "required" },
    ...(queues === undefined ? {} : { queue: queues.create }),
  });
  metrics.clusters(() => sync.clusters());
  shared?.sources.onMoved((moved) => sync.moved(moved));
  const read = wireDeclarations(settings, { log, cluster: clusters.home, report, sync, shared });
  return { report, history, metrics, clusters, followClusters, source, engine, queues, sync, shared, ...read };
}

interface Declaring {
  readonly log: Logger;
  readonly cluster: Cluster;
  readonly report: ReportStore;
  readonly sync: Sync;
  readonly shared: ReplicaParts | undefined;
}

/** Who says which applications there are, and where their verdicts are written. */
function wireDeclarations(settings: ServeSettings, { log, cluster, report, sync, shared }: Declaring) {
  const clusterFor = (name: string): Cluster => writeRightOf(shared?.replicas, name).on(cluster);
  const owns = (name: string): boolean => shared?.replicas.owns(name) ?? true;
  const files = settings.config === undefined ? undefined : resolve(settings.config);
  const applications = new ApplicationSet({ log, files, onChange: (declarers) => sync.setDeclarers(declarers) });
  const isInFile = (name: string): boolean => applications.isInFile(name);
  const statuses = new StatusWriter({ clusterFor, report, fleets: sync.fleets, log, isInFile, owns });
  const objects = new ApplicationObjects({
    ...{ cluster, clusterFor, log, isInFile, owns },
    onChange: (said) => applications.setCluster(said),
  });
  sync.onEnded((name) => objects.ended(name));
  const projects = new ProjectSet({
    ...{ log, namespace: settings.inventoryNamespace, onChange: (known) => sync.setProjects(known) },
  });
  const projectObjects = new FollowedKind({
    ...{ cluster, log, kind: { group: "plumbline.dev", version: "v1alpha1", kind: "Project" } },
    onChange: (all) => projects.setObjects(all),
    onAbsent: () => projects.setAbsent(),
    onForbidden: (why) => projects.setUnseen(why),
  });
  const fromCluster = followApplications({
    cluster,
    log,
    onChange: (all) => {
      objects.set(all);
      statuses.set(all);
    },
    onUnseen: (why) => objects.setUnseen(why),
  });
  shared?.replicas.onChange(() => fromCluster.retell());
  return { statuses, applications, projects, projectObjects, fromCluster };
}

export type Wired = Awaited<ReturnType<typeof wire>>;

/** Undefined where the process works alone, and where it has what it works on for itself: then nobody else waits for a turn. */
async function openQueues(
  { redis, replicas, inventoryNamespace }: ServeSettings,
  { log, metrics }: { log: Logger; metrics: Metrics },
) {
  if (redis === undefined || replicas !== undefined) return undefined;
  return await openRedisQueues({
    settings: redis,
    // Installations that share a Redis know nothing of one another's applications.
    queue: `passes-${inventoryNamespace}`,
    log,
    onEvent: (event) => metrics.redis(event),
  });
}

interface Watching {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly kept: KeptApplications | undefined;
}

async function openClusters(settings: ServeSettings, { log, metrics, kept }: Watching) {
  return await createClusters({
    ...{ log, kept },
    onRequest: ({ verb, status }) => metrics.kubeRequest(status === 0 ? { verb } : { verb, status }),
    ...settings.kube,
    files: settings.clusters,
    namespace: settings.inventoryNamespace,
  });
}

export async function wireApi(
  { sync, report, history, metrics, source, shared }: Wired,
  { settings, log, authentication }: ApiParts,
) {
  const webhookSecret = await webhookSecretOf(settings.webhookSecretFile);
  return await createApi({
    control: sync,
    report,
    history,
    metrics,
    // Fastify's own word that it listens would stand before ours.
    log: log.child({}, { level: log.level === "debug" ? "debug" : "warn" }),
    version: ownVersion(),
    ...(authentication === undefined ? {} : { authentication }),
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
    ...(shared === undefined ? {} : { fleet: fleetOf(shared, { sync, metrics, source }) }),
  });
}

function fleetOf(
  shared: ReplicaParts,
  { sync, metrics, source }: Pick<Wired, "sync" | "metrics" | "source">,
): ReplicaFleet {
  const { replicas } = shared;
  metrics.repositories(() => sync.repositories());
  const counted = metrics.replicas(() => ({ ...replicas.standing(), alive: replicas.others().length + 1 }));
  return shared.fleet({ neighbour: sync.neighbour, counted, sources: source });
}

interface ApiParts {
  readonly settings: ServeSettings;
  readonly log: Logger;
  readonly authentication: TokensFile["authentication"] | undefined;
}

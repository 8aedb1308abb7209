import type { Logger } from "pino";
import { requiresAuthentication } from "../../api/index.ts";
import type { Cluster } from "../../cluster/index.ts";
import { sleep } from "../../kit/sleep.ts";
import { applicationName, PlumblineError, toProblem } from "../../model/index.ts";
import type { ReportStore } from "../../report/index.ts";
import { type FilesSay, WatchedFiles } from "../applications/watched-files.ts";
import { formatListen } from "../settings/listen.ts";
import type { ServeSettings } from "../settings/serve.ts";
import type { Cleanup } from "./cleanups.ts";
import { requireWritable } from "./data-folder.ts";
import { listenAt } from "./listening.ts";
import { openTokensFile } from "./tokens-file.ts";
import { type WhyMissing, type Wired, wire, wireApi } from "./wire.ts";

/** Longest wait for the API server's version before the start goes on without. */
const VERSION_MS = 3000;

/** The words of a start, with the same as fields. */
export type Say = (fields: object, sentence: string) => void;

export interface Starting extends WhyMissing {
  readonly log: Logger;
  readonly say: Say;
  /** What ends each thing that was begun is put here. */
  readonly cleanups: Cleanup[];
}

export interface Started {
  /** Of the API, as a URL. */
  readonly address: string;
  readonly report: ReportStore;
  /** Every application passes once more: something that they waited for may be there. */
  readonly lookAgain: () => void;
}

/** Starts Plumbline in this process. Errors: what keeps it from starting (PL-CONFIG-*, PL-LISTEN-*, PL-DATA-*, PL-KUBE-CONFIG). */
export async function startPlumbline(settings: ServeSettings, starting: Starting): Promise<Started> {
  const { log, say, cleanups } = starting;
  requireSafe(settings);
  await requireWritable(settings.dataDir);
  const tokens = settings.tokens === undefined ? undefined : await openTokensFile(settings.tokens, log);
  if (tokens !== undefined) cleanups.push(() => tokens.stop());
  const wired = await wire(settings, log, starting);
  cleanups.push(
    () => wired.shared?.close(),
    () => wired.clusters.close(),
    () => wired.queues?.close(),
    () => wired.engine.close(),
    () => wired.source.close(),
    () => wired.history.close(),
  );
  const declared = await openFiles(settings, { wired, log, cleanups });
  const api = await wireApi(wired, { settings, log, authentication: tokens?.authentication });
  cleanups.push(() => api.close());
  const address = await listenAt(api, settings.listen);
  say({ address }, `listening on ${address}`);
  const { applications, fleets } = declared;
  say(
    { applications: applications.length, fleets: fleets.length, config: settings.config },
    foundSentence(declared, settings.config),
  );
  await announceCluster(wired.clusters.home, starting);
  await wired.followClusters();
  await startLoop(wired, cleanups);
  const lookAgain = (): void => {
    for (const application of wired.sync.applications()) wired.sync.trigger(applicationName(application), "retry");
  };
  return { address, report: wired.report, lookAgain };
}

/** Errors: PL-LISTEN-UNSAFE. */
function requireSafe({ listen, tokens }: ServeSettings): void {
  const where = formatListen(listen);
  if (tokens !== undefined || !requiresAuthentication(where)) return;
  const message = "whoever reaches this address could sync and read everything: it needs authentication";
  throw new PlumblineError("PL-LISTEN-UNSAFE", { message, where });
}

/** Reads the Application files and gives what they say; changes go into the set from now on. */
async function openFiles(
  { config }: ServeSettings,
  { wired, log, cleanups }: Omit<Starting, "say"> & { wired: Wired },
): Promise<FilesSay> {
  if (config === undefined) return { applications: [], fleets: [], projects: [] };
  const files = new WatchedFiles({
    path: config,
    log,
    onChange: (all) => setFiles(wired, all),
    onRefused: ({ code, message }) => wired.applications.doubtFiles(`${message} (${code})`),
  });
  cleanups.push(() => files.stop());
  const said = await files.start();
  setFiles(wired, said);
  return said;
}

/** Rules before those whom they are for. */
function setFiles({ applications, projects }: Wired, said: FilesSay): void {
  projects.setFiles(said.projects);
  applications.setFiles(said);
}

function foundSentence({ applications, fleets }: FilesSay, config: string | undefined): string {
  if (config === undefined) return "no --config: only Application objects of the cluster count";
  const plain = `${applications.length} application${applications.length === 1 ? "" : "s"}`;
  const many = `${fleets.length} declaration${fleets.length === 1 ? "" : "s"} of many`;
  const found = fleets.length === 0 ? plain : applications.length === 0 ? many : `${plain} and ${many}`;
  return `${found} in ${config}`;
}

/** A server that is away is no reason not to start: what depends on it is Unknown until it answers. */
async function announceCluster(cluster: Cluster, { say, log, cleanups }: Starting): Promise<void> {
  const { name } = cluster;
  try {
    const version = await cluster.version(AbortSignal.timeout(VERSION_MS));
    say({ cluster: name, version }, `cluster ${name}, Kubernetes ${version}`);
  } catch (error) {
    const { code, message } = toProblem(error);
    const sentence = `cluster ${name} does not answer: ${message}; its state is Unknown, and it is tried again`;
    say({ cluster: name, code }, sentence);
    const stopping = new AbortController();
    cleanups.push(() => stopping.abort());
    void greetLater(cluster, log, stopping.signal);
  }
}

async function greetLater(cluster: Cluster, log: Logger, signal: AbortSignal): Promise<void> {
  for (let pause = 1000; !signal.aborted; pause = Math.min(30_000, pause * 2)) {
    try {
      await sleep(pause, signal);
      const version = await cluster.version(signal);
      return log.info({ cluster: cluster.name, version }, "the cluster answers");
    } catch (error) {
      if (!signal.aborted) log.debug({ ...toProblem(error), cluster: cluster.name }, "the cluster does not answer yet");
    }
  }
}

/** Projects come first: until the cluster has answered, or for a moment, nobody begins what one of them may forbid. */
async function startLoop({ sync, statuses, shared, ...read }: Wired, cleanups: Cleanup[]): Promise<void> {
  const { projects, projectObjects, fromCluster } = read;
  cleanups.push(
    () => shared?.replicas.stop(),
    () => statuses.stop(),
    () => sync.stop(),
    () => fromCluster.stop(),
    () => projectObjects.stop(),
  );
  projectObjects.start();
  const waited = new AbortController();
  await Promise.race([projects.seen, sleep(VERSION_MS, waited.signal).catch(() => {})]);
  waited.abort();
  await sync.start();
  shared?.replicas.start();
  fromCluster.start();
}

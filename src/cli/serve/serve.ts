import type { Logger } from "pino";
import { requiresAuthentication } from "../../api/index.ts";
import type { Cluster } from "../../cluster/index.ts";
import { formatDuration } from "../../kit/duration.ts";
import { sleep } from "../../kit/sleep.ts";
import { PlumblineError, toProblem } from "../../model/index.ts";
import { WatchedFiles } from "../applications/watched-files.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { formatListen } from "../settings/listen.ts";
import type { ServeSettings } from "../settings/serve.ts";
import { requireWritable } from "./data-folder.ts";
import { listenAt } from "./listening.ts";
import { createLog } from "./log.ts";
import { onFaults, stopSignal } from "./process-signals.ts";
import { openTokensFile } from "./tokens-file.ts";
import { type Wired, wire, wireApi } from "./wire.ts";

/** Longest wait for the passes that run to come to a safe point. */
const STOP_MS = 10_000;
/** Longest wait for the API server's version before the start goes on without. */
const VERSION_MS = 3000;

/** Undoes what was begun, the last first. Each is given its turn, whatever the others do. */
type Cleanup = () => Promise<void> | void;

/** Runs until it is told to stop. Errors: what keeps it from starting (PL-CONFIG-*, PL-LISTEN-*, PL-DATA-*, PL-KUBE-CONFIG). */
export async function serve(settings: ServeSettings, host: Host): Promise<ExitCode> {
  const log = createLog(settings, host.err);
  const stop = stopSignal(log);
  const cleanups: Cleanup[] = [onFaults(log)];
  try {
    await start(settings, { host, log, cleanups });
    await stop.asked;
    log.info({}, "stopping");
  } finally {
    await cleanUp(cleanups, log);
    stop.release();
  }
  return EXIT.ok;
}

interface Starting {
  readonly host: Host;
  readonly log: Logger;
  readonly cleanups: Cleanup[];
}

async function start(settings: ServeSettings, { host, log, cleanups }: Starting): Promise<void> {
  requireSafe(settings);
  await requireWritable(settings.dataDir);
  const tokens = settings.tokens === undefined ? undefined : await openTokensFile(settings.tokens, log);
  if (tokens !== undefined) cleanups.push(() => tokens.stop());
  const wired = await wire(settings, log);
  cleanups.push(
    () => wired.cluster.close(),
    () => wired.source.close(),
  );
  const say = speaker(settings, host, log);
  const declared = await openFiles(settings, { wired, log, cleanups });
  const api = await wireApi(wired, { settings, log, authentication: tokens?.authentication });
  cleanups.push(() => api.close());
  const address = await listenAt(api, settings.listen);
  say({ address }, `listening on ${address}`);
  say({ applications: declared, config: settings.config }, foundSentence(declared, settings.config));
  await announceCluster(wired.cluster, { say, log, cleanups });
  await startLoop(wired, cleanups);
}

/** Errors: PL-LISTEN-UNSAFE. */
function requireSafe({ listen, tokens }: ServeSettings): void {
  const where = formatListen(listen);
  if (tokens !== undefined || !requiresAuthentication(where)) return;
  const message = "whoever reaches this address could sync and read everything: it needs authentication";
  throw new PlumblineError("PL-LISTEN-UNSAFE", { message, where });
}

/** Reads the Application files and gives their number; changes go into the set from now on. */
async function openFiles(
  { config }: ServeSettings,
  { wired, log, cleanups }: Omit<Starting, "host"> & { wired: Wired },
): Promise<number> {
  if (config === undefined) return 0;
  const files = new WatchedFiles({ path: config, log, onChange: (all) => wired.applications.setFiles(all) });
  cleanups.push(() => files.stop());
  const applications = await files.start();
  wired.applications.setFiles(applications);
  return applications.length;
}

function foundSentence(count: number, config: string | undefined): string {
  if (config === undefined) return "no --config: only Application objects of the cluster count";
  return `${count} application${count === 1 ? "" : "s"} in ${config}`;
}

type Say = (fields: object, sentence: string) => void;

/** The first lines are for the person who starts it; in JSON they are records like all others. */
function speaker({ logFormat }: ServeSettings, host: Host, log: Logger): Say {
  return logFormat === "json" ? (fields, words) => log.info(fields, words) : (_fields, words) => host.err(`${words}\n`);
}

/** A server that is away is no reason not to start: what depends on it is Unknown until it answers. */
async function announceCluster(
  cluster: Cluster,
  { say, log, cleanups }: Omit<Starting, "host"> & { say: Say },
): Promise<void> {
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

async function startLoop({ sync, statuses, fromCluster }: Wired, cleanups: Cleanup[]): Promise<void> {
  cleanups.push(
    () => statuses.stop(),
    () => sync.stop(),
    () => fromCluster.stop(),
  );
  await sync.start();
  fromCluster.start();
}

async function cleanUp(cleanups: readonly Cleanup[], log: Logger): Promise<void> {
  const inTurn = async (): Promise<boolean> => {
    for (const cleanup of cleanups.toReversed()) {
      try {
        await cleanup();
      } catch (error) {
        log.error({ err: error }, "something did not end as it should");
      }
    }
    return true;
  };
  const limit = new AbortController();
  const late = sleep(STOP_MS, limit.signal).then(
    () => false,
    () => true,
  );
  const inTime = await Promise.race([inTurn(), late]);
  limit.abort();
  if (!inTime)
    log.warn({}, `not everything had ended after ${formatDuration(STOP_MS)}; the next start takes up what is left`);
}

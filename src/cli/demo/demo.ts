import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { requireGit } from "../../sandbox/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { type Cleanup, cleanUp } from "../serve/cleanups.ts";
import { createLog } from "../serve/log.ts";
import { onFaults, stopSignal } from "../serve/process-signals.ts";
import { startPlumbline } from "../serve/start.ts";
import type { DemoSettings } from "../settings/demo.ts";
import { makeDemoFolder } from "./demo-folder.ts";
import type { Demo } from "./demo-parts.ts";
import { introduction } from "./introduction.ts";
import { startKubernetes } from "./kubernetes.ts";
import { Narrator } from "./narrator.ts";
import { prepareRenderer } from "./renderer.ts";
import { startRepository, writeApplications } from "./repository.ts";

/**
 * Runs until it is told to stop, or until the walk has been played. Nothing of it is left then.
 * Errors: what keeps it from starting (PL-DEMO-*, PL-LISTEN-TAKEN), and with `once` the step that was not seen (PL-DEMO-STEP, PL-DEMO-TIMEOUT).
 */
export async function demo(settings: DemoSettings, host: Host): Promise<ExitCode> {
  const log = createLog({ logFormat: "text", logLevel: settings.logLevel }, host.err);
  const stop = stopSignal(log, ["SIGINT", "SIGTERM", "SIGHUP"]);
  const cleanups: Cleanup[] = [onFaults(log)];
  const narrator = new Narrator(host);
  try {
    const running = await startDemo(settings, { log, cleanups, signal: stop.signal });
    if (settings.once) {
      const { playWalk } = await import("./play.ts");
      await playWalk(running, { narrator, signal: stop.signal });
      return EXIT.ok;
    }
    host.out(introduction(running));
    cleanups.push(narrator.follow(running.report));
    await stop.asked;
    return EXIT.interrupted;
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    await cleanUp(cleanups, log);
    stop.release();
  }
}

interface Starting {
  readonly log: Logger;
  readonly cleanups: Cleanup[];
  readonly signal: AbortSignal;
}

async function startDemo(settings: DemoSettings, { log, cleanups, signal }: Starting): Promise<Demo> {
  await requireGit();
  const folder = await makeDemoFolder(settings.temporary, cleanups);
  const kubernetes = await startKubernetes(settings, { folder, cleanups, signal });
  const renderer = await prepareRenderer(settings.cacheFolder, { cleanups, signal });
  const repository = await startRepository(settings.gitPort, { folder, cleanups, log });
  signal.throwIfAborted();
  const config = join(folder, "applications");
  await writeApplications(config, repository.url);
  const webhookSecretFile = join(folder, "webhook-secret");
  const secret = randomBytes(32).toString("hex");
  await writeFile(webhookSecretFile, secret, { mode: 0o600 });
  const dataDir = join(folder, "data");
  await mkdir(dataDir);
  const { listen, logLevel } = settings;
  const started = await startPlumbline(
    {
      config,
      kube: { kubeconfig: kubernetes.kubeconfig },
      clusters: [],
      listen,
      dataDir,
      logFormat: "text",
      logLevel,
      tokens: undefined,
      webhookSecretFile,
      repositories: [],
      remoteSources: [],
      cacheFolder: settings.cacheFolder,
      ignore: [],
      inventoryNamespace: "plumbline-system",
      projects: "optional",
      concurrency: 16,
      redis: undefined,
      replicas: undefined,
    },
    { log, cleanups, say: (fields, sentence) => log.info(fields, sentence), whyMissing: renderer.whyMissing },
  );
  signal.throwIfAborted();
  void renderer.settled.then(started.lookAgain);
  repository.tell(started.address, secret);
  return { ...started, kubernetes, repository: repository.url, folder, renderer };
}

import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SILENT } from "../../model/index.ts";
import type { FolderOptions } from "../../render/index.ts";
import type { Environment } from "../host.ts";
import { nonEmpty } from "../settings/client.ts";
import { kubeSettings } from "../settings/kube.ts";
import type { Flags } from "./flags.ts";

interface Opened {
  readonly resources: NonNullable<FolderOptions["resources"]>;
  close(): Promise<void>;
}

/** From where a render on this machine gets what is not in the folder. Nothing is opened before a render asks, but for a cluster that was named. */
export async function openResources(flags: Flags, env: Environment): Promise<Opened> {
  const fetched = new Fetched(allowedSources(flags, env));
  const cluster = await openCluster(flags, env);
  return {
    resources: {
      chart: async (wanted) => (await fetched.sources()).store.chart(wanted),
      clone: async (wanted) => (await fetched.sources()).remote.clone(wanted),
      get: async (url) => (await fetched.sources()).remote.get(url),
      ...cluster?.answers,
    },
    async close() {
      await Promise.all([fetched.close(), cluster?.close()]);
    },
  };
}

function allowedSources({ remoteSources }: Flags, env: Environment): readonly string[] {
  const lists = remoteSources ?? [nonEmpty(env["PLUMB_REMOTE_SOURCES"]) ?? ""];
  return lists.flatMap((list) => list.split(",")).filter((url) => url.trim() !== "");
}

async function openCluster(flags: Flags, env: Environment) {
  if (flags.kubeconfig === undefined && flags.context === undefined) return undefined;
  const [{ createCluster }, { liveAnswers }] = await Promise.all([
    import("../../cluster/index.ts"),
    import("../../sync/index.ts"),
  ]);
  const cluster = await createCluster({ log: SILENT, ...kubeSettings(flags, env) });
  return { answers: liveAnswers(cluster, flags.namespace ?? "default"), close: () => cluster.close() };
}

/** Charts and repositories of elsewhere, in a folder that is gone afterwards, however the process ends. */
class Fetched {
  readonly #allowed: readonly string[];
  #sources: ReturnType<Fetched["open"]> | undefined;

  constructor(allowed: readonly string[]) {
    this.#allowed = allowed;
  }

  sources(): ReturnType<Fetched["open"]> {
    this.#sources ??= this.open();
    return this.#sources;
  }

  async open() {
    const { createRemoteSources, createSourceStore } = await import("../../source/index.ts");
    const folder = await mkdtemp(join(tmpdir(), "plumb-render-"));
    const removeAtExit = (): void => rmSync(folder, { recursive: true, force: true });
    process.once("exit", removeAtExit);
    const store = createSourceStore({ dataDir: folder, repositories: [], log: SILENT });
    const remote = createRemoteSources({ store, allowed: this.#allowed });
    const close = async (): Promise<void> => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
      process.removeListener("exit", removeAtExit);
    };
    return { store, remote, close };
  }

  async close(): Promise<void> {
    await (await this.#sources)?.close();
  }
}

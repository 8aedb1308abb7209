import { SILENT } from "../../../src/model/index.ts";
import type { ChartRequest, SourceSettings, SourceStore } from "../../../src/source/index.ts";
import { emptyFolder, sourceStore } from "../workbench.ts";
import { type ChartServer, type ChartServerOptions, chartServer } from "./chart-server.ts";

export interface ChartBench {
  readonly server: ChartServer;
  readonly store: SourceStore;
  readonly dataDir: string;
  readonly repo: string;
}

/** A Helm repository with web 1.0.0, 1.1.0, 1.2.0 and 2.0.0-rc.1, and a store. */
export async function chartBench(
  settings: Partial<SourceSettings> = {},
  options: ChartServerOptions = {},
): Promise<ChartBench> {
  const [server, dataDir] = await Promise.all([chartServer(options), emptyFolder()]);
  for (const version of ["1.0.0", "1.2.0", "1.1.0", "2.0.0-rc.1"]) server.add("web", version);
  const { repo } = server;
  return { server, dataDir, repo, store: await sourceStore({ dataDir, log: SILENT, ...settings }) };
}

/** Poll, resolve, snapshot: what a pass does with an application of a chart. */
export async function takeChart(store: SourceStore, { repo, chart, version }: ChartRequest) {
  await store.poll({ repo, chart });
  const resolution = await store.resolve({ repo, chart, ref: version });
  const snapshot = await store.snapshot({ repo, chart, path: "." }, resolution);
  const [file] = await snapshot.files();
  if (file === undefined) throw new Error("a chart is one file");
  return { resolution, snapshot, file, bytes: Buffer.from(await file.read()) };
}

/** A clock that the test moves. */
export function clock(start = Date.UTC(2026, 0, 1)) {
  let time = start;
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

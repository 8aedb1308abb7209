import { PlumblineError } from "../../model/index.ts";
import { normalPath } from "../tree-path.ts";
import type { RepositoryEntry, Snapshot, SourceFile } from "../types.ts";
import type { ChartSource } from "./chart-source.ts";
import { fileNameOf } from "./chart-url.ts";
import type { ChartName } from "./types.ts";

export interface ChartSnapshotOptions extends ChartName {
  readonly charts: ChartSource;
  readonly path: string;
  /** Exact. */
  readonly version: string;
}

/** Where a repository does not say when a version was made. */
const UNKNOWN_TIME = "1970-01-01T00:00:00.000Z";

/**
 * One version of a chart as a Snapshot: one file, its archive. Its digest stands for tree, key and oid alike. The archive is fetched here, so that
 * what is wrong with it is heard before anything is rendered. Errors: PL-CHART-*, PL-PATH-MISSING for a path that is not ".".
 */
export async function chartSnapshot(options: ChartSnapshotOptions): Promise<Snapshot> {
  const { charts, repo, chart, version } = options;
  refusePath(options);
  const { digest, bytes } = await charts.archive({ repo, chart, version });
  const { created = UNKNOWN_TIME } = charts.known({ repo, chart, version });
  const name = `${fileNameOf(chart, repo)}-${version}.tgz`;
  const read = async () => (await charts.archive({ repo, chart, version, digest })).bytes;
  const file: SourceFile = { path: name, size: bytes.length, oid: digest, read };
  const root: RepositoryEntry = { kind: "folder", oid: digest, path: ".", names: async () => [name] };
  const entries = new Map<string, RepositoryEntry>([
    [".", root],
    [name, { kind: "file", oid: digest, path: name, read }],
  ]);
  return {
    repo,
    chart,
    revision: version,
    author: "",
    subject: `${chart} ${version}`,
    committedAt: created,
    path: ".",
    tree: digest,
    key: digest,
    files: async () => [file],
    entry: async (path) => entries.get(normalPath(path)),
  };
}

function refusePath({ path, chart, version }: ChartSnapshotOptions): void {
  if (normalPath(path) === ".") return;
  throw new PlumblineError("PL-PATH-MISSING", {
    message: `${chart} ${version} is an archive, and ${JSON.stringify(path)} leads into none`,
    where: path,
    next: "leave spec.source.path out where spec.source.chart is given",
  });
}

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { type ErrorCode, type Log, PlumblineError, SILENT } from "../../src/model/index.ts";
import { createSourceStore, type Snapshot, type SourceSettings, type SourceStore } from "../../src/source/index.ts";
import {
  type Changes,
  type GitRepository,
  type GitServer,
  type GitServerOptions,
  startGitServer,
} from "../git-server/index.ts";

/** A server that stops with the test. */
export async function gitServer(options: GitServerOptions = {}): Promise<GitServer> {
  const server = await startGitServer(options);
  onTestFinished(() => server.stop());
  return server;
}

export async function emptyFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-source-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A store in a folder of its own that closes with the test. */
export async function sourceStore(settings: Partial<SourceSettings> = {}): Promise<SourceStore> {
  const dataDir = settings.dataDir ?? (await emptyFolder());
  const store = createSourceStore({ repositories: [], log: SILENT, ...settings, dataDir });
  onTestFinished(() => store.close());
  return store;
}

export interface Bench {
  readonly server: GitServer;
  readonly repo: GitRepository;
  readonly store: SourceStore;
  readonly dataDir: string;
}

/** A server with one repository, and a store. */
export async function bench(
  files: Changes = { "app/a.yaml": "a: 1\n" },
  settings: Partial<SourceSettings> = {},
): Promise<Bench> {
  const [server, dataDir] = await Promise.all([gitServer(), emptyFolder()]);
  const repo = await server.createRepository("team/apps", files);
  return { server, repo, dataDir, store: await sourceStore({ dataDir, ...settings }) };
}

/** Poll, resolve, snapshot. */
export async function look(
  store: SourceStore,
  { repo, ref = "main", path = "." }: { repo: GitRepository; ref?: string; path?: string },
): Promise<Snapshot> {
  await store.poll(repo.url);
  const source = { repo: repo.url, ref, path };
  return store.snapshot(source, await store.resolve(source));
}

/** Path to text. */
export async function textsOf(snapshot: Snapshot): Promise<{ [path: string]: string }> {
  const texts: { [path: string]: string } = {};
  for (const file of await snapshot.files()) texts[file.path] = Buffer.from(await file.read()).toString("utf8");
  return texts;
}

export async function errorOf(promise: Promise<unknown>): Promise<PlumblineError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlumblineError) return error;
  throw new Error(`a PlumblineError was expected, not ${String(error)}`);
}

export async function expectCode(promise: Promise<unknown>, code: ErrorCode): Promise<PlumblineError> {
  const error = await errorOf(promise);
  expect(`${error.code} ${error.message}`).toMatch(new RegExp(`^${code} `));
  return error;
}

/** Everything that was logged, as text. */
export function recordingLog(): { readonly log: Log; readonly text: () => string } {
  const lines: string[] = [];
  const write = (fields: object, message: string): void => {
    lines.push(`${JSON.stringify(fields)} ${message}`);
  };
  return { log: { debug: write, info: write, warn: write, error: write }, text: () => lines.join("\n") };
}

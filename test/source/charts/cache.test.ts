import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectCode, recordingLog, sourceStore } from "../workbench.ts";
import { chartArchive, sha256Of } from "./chart-archive.ts";
import { chartBench, clock, takeChart } from "./charts-bench.ts";

async function archivesIn(dataDir: string): Promise<string[]> {
  return (await readdir(join(dataDir, "charts"))).filter((name) => name.endsWith(".tgz")).sort();
}

const nameOf = (version: string) => `${sha256Of(chartArchive("web", version))}.tgz`;

test("an archive is kept by its digest, in a file that nobody else may read", async () => {
  const { store, dataDir, repo } = await chartBench();
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  expect(await archivesIn(dataDir)).toEqual([nameOf("1.0.0")]);
  expect((await stat(join(dataDir, "charts"))).mode & 0o777).toBe(0o700);
  expect((await stat(join(dataDir, "charts", nameOf("1.0.0")))).mode & 0o777).toBe(0o600);
});

test("a spoilt file is fetched again, and a folder that went away is made again", async () => {
  const { log, text } = recordingLog();
  const { server, store, dataDir, repo } = await chartBench({ log });
  const request = { repo, chart: "web", version: "1.0.0" };
  const { bytes } = await store.chart(request);
  const path = join(dataDir, "charts", nameOf("1.0.0"));
  await writeFile(path, Buffer.from(bytes).fill(0, 40, 41));
  expect((await store.chart(request)).bytes).toEqual(bytes);
  expect(text()).toContain("spoilt");
  await rm(join(dataDir, "charts"), { recursive: true });
  expect((await store.chart(request)).bytes).toEqual(bytes);
  expect(server.count("/charts/web-1.0.0.tgz")).toBe(3);
  expect(await archivesIn(dataDir)).toEqual([nameOf("1.0.0")]);
});

test("a disk that takes nothing costs downloads, never a chart", async () => {
  const { store, dataDir, repo } = await chartBench();
  await writeFile(join(dataDir, "charts"), "a file where the folder should be");
  expect((await store.chart({ repo, chart: "web", version: "1.0.0" })).version).toBe("1.0.0");
  expect((await takeChart(store, { repo, chart: "web", version: "1.1.0" })).bytes).toEqual(
    chartArchive("web", "1.1.0"),
  );
});

test("above the limit the least recently used goes first", async () => {
  const { now, pass } = clock();
  const maxCacheBytes = chartArchive("web", "1.0.0").length * 2 + 100;
  const { store, dataDir, repo } = await chartBench({ now, charts: { maxCacheBytes } });
  for (const version of ["1.0.0", "1.1.0", "1.0.0", "1.2.0"]) {
    await store.chart({ repo, chart: "web", version });
    pass(1_000);
  }
  expect(await archivesIn(dataDir)).toEqual([nameOf("1.0.0"), nameOf("1.2.0")].sort());
});

test("what is in the cache needs no repository, also in a process that starts while it is away", async () => {
  const { server, store, dataDir, repo } = await chartBench();
  const before = await takeChart(store, { repo, chart: "web", version: "^1" });
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  const at = Date.now();
  await store.close();
  await server.stop();
  const next = await sourceStore({ dataDir });
  const after = await takeChart(next, { repo, chart: "web", version: "^1" });
  expect(after.resolution.stale?.problem.code).toBe("PL-CHART-UNREACHABLE");
  expect(Math.abs(Date.parse(after.resolution.checkedAt) - at)).toBeLessThan(10_000);
  expect(after.snapshot.key).toBe(before.snapshot.key);
  expect(after.snapshot.committedAt).toBe(before.snapshot.committedAt);
  expect(after.bytes).toEqual(before.bytes);
  expect((await next.chart({ repo, chart: "web", version: "1.0.0" })).bytes).toEqual(chartArchive("web", "1.0.0"));
  await expectCode(next.resolve({ repo, chart: "web", ref: "~1.1" }), "PL-CHART-UNREACHABLE");
});

test("an archive that is not what the index says is an error, and nothing of it is kept", async () => {
  const { server, store, dataDir, repo } = await chartBench();
  server.answers.set("/charts/web-1.0.0.tgz", { body: chartArchive("web", "6.6.6") });
  server.add("odd", "1.0.0", { digest: "md5:1234" });
  for (const chart of ["web", "odd"]) {
    const error = await expectCode(store.chart({ repo, chart, version: "1.0.0" }), "PL-CHART-DIGEST");
    expect(error.message).toContain("1.0.0");
  }
  await store.close();
  expect(await readdir(join(dataDir, "charts"))).toEqual(["versions"]);
  server.answers.clear();
  const next = await sourceStore({ dataDir });
  expect((await next.chart({ repo, chart: "web", version: "1.0.0" })).digest).toBe(
    sha256Of(chartArchive("web", "1.0.0")),
  );
});

test("an archive that is too large is not read to its end", async () => {
  const { server, store, repo } = await chartBench({ charts: { maxArchiveBytes: 10_000 } });
  server.answers.set("/charts/web-1.0.0.tgz", { body: Buffer.alloc(2_000_000) });
  const error = await expectCode(store.chart({ repo, chart: "web", version: "1.0.0" }), "PL-CHART-TOO-LARGE");
  expect(error.message).toContain("10000");
});

test("an archive that was evicted is fetched again when it is read, and is then still the same", async () => {
  const { server, store, dataDir, repo } = await chartBench();
  const { file } = await takeChart(store, { repo, chart: "web", version: "1.0.0" });
  await rm(join(dataDir, "charts"), { recursive: true });
  expect(sha256Of(await file.read())).toBe(file.oid);
  await rm(join(dataDir, "charts"), { recursive: true });
  server.add("web", "1.0.0", { description: "published anew" });
  await store.poll({ repo, chart: "web" });
  await expectCode(file.read(), "PL-CHART-DIGEST");
});

test("a file that may not be read is fetched again", async () => {
  const { server, store, dataDir, repo } = await chartBench();
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  const path = join(dataDir, "charts", nameOf("1.0.0"));
  await rm(path);
  // A folder: root may read every file.
  await mkdir(path);
  expect((await store.chart({ repo, chart: "web", version: "1.0.0" })).bytes).toEqual(chartArchive("web", "1.0.0"));
  expect(server.count("/charts/web-1.0.0.tgz")).toBe(2);
});

import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { expectCode, recordingLog } from "../workbench.ts";
import { chartArchive, sha256Of } from "./chart-archive.ts";
import { chartServer } from "./chart-server.ts";
import { chartBench, clock, takeChart } from "./charts-bench.ts";

test("a chart of a Helm repository is one file, its archive, named by its digest", async () => {
  const { store, repo } = await chartBench();
  const { resolution, snapshot, file, bytes } = await takeChart(store, { repo, chart: "web", version: "1.1.0" });
  const digest = sha256Of(chartArchive("web", "1.1.0"));
  expect(resolution).toMatchObject({ revision: "1.1.0", resolvedRef: "web@1.1.0" });
  expect(resolution).not.toHaveProperty("stale");
  expect(snapshot).toMatchObject({
    repo,
    chart: "web",
    revision: "1.1.0",
    author: "",
    subject: "web 1.1.0",
    committedAt: "2026-01-02T03:04:05.678Z",
    path: ".",
    tree: digest,
    key: digest,
  });
  expect(file).toMatchObject({ path: "web-1.1.0.tgz", oid: digest, size: bytes.length });
  expect(bytes).toEqual(chartArchive("web", "1.1.0"));
  expect(await snapshot.entry("web-1.1.0.tgz")).toMatchObject({ kind: "file", oid: digest });
  expect(await snapshot.entry("other")).toBeUndefined();
});

test("a range takes the newest version in it, HEAD the newest that is no prerelease", async () => {
  const { store, repo } = await chartBench();
  const meant = async (ref: string) => (await store.resolve({ repo, chart: "web", ref })).revision;
  expect(await meant("HEAD")).toBe("1.2.0");
  expect(await meant("~1.1")).toBe("1.1.0");
  expect(await meant(">=1.0, <1.2")).toBe("1.1.0");
  expect(await meant(">=1-0")).toBe("2.0.0-rc.1");
  expect(await meant("2.0.0-rc.1")).toBe("2.0.0-rc.1");
  expect(await meant("v1.0.0")).toBe("1.0.0");
});

test("a version that is not there: the error names the newest few that are", async () => {
  const { server, store, repo } = await chartBench();
  for (let minor = 3; minor < 9; minor++) server.add("web", `1.${minor}.0`);
  const error = await expectCode(store.resolve({ repo, chart: "web", ref: "^3" }), "PL-CHART-VERSION-MISSING");
  expect(error.message).toContain("the newest are 2.0.0-rc.1, 1.8.0, 1.7.0, 1.6.0, 1.5.0");
  expect(error.where).toBe(repo);
});

test("what is neither a version nor a range, a chart and a repository that are not there have codes of their own", async () => {
  const { server, store, repo } = await chartBench();
  await expectCode(store.resolve({ repo, chart: "web", ref: "newest please" }), "PL-CHART-RANGE");
  await expectCode(store.resolve({ repo, chart: "wob", ref: "1.0.0" }), "PL-CHART-NOT-FOUND");
  await expectCode(store.resolve({ repo: `${server.origin}/none`, chart: "web", ref: "1" }), "PL-CHART-NOT-FOUND");
});

test("an unchanged index is not sent again, and a new version is news once", async () => {
  const { server, store, repo } = await chartBench();
  const source = { repo, chart: "web" };
  expect((await store.resolve({ ...source, ref: "^1" })).revision).toBe("1.2.0");
  expect(await store.poll(source)).toEqual({ changed: true });
  expect(await store.poll(source)).toEqual({ changed: false });
  expect(server.requests.map(({ status }) => status)).toEqual([200, 304, 304]);
  server.add("other", "1.0.0");
  expect(await store.poll(source)).toEqual({ changed: false });
  server.add("web", "1.3.0");
  expect((await store.resolve({ ...source, ref: "^1" })).revision).toBe("1.2.0");
  expect(await store.poll(source)).toEqual({ changed: true });
  expect((await store.resolve({ ...source, ref: "^1" })).revision).toBe("1.3.0");
  expect(await store.poll(source)).toEqual({ changed: false });
  server.remove("web");
  expect(await store.poll(source)).toEqual({ changed: true });
});

test("an index without an ETag is asked for by its time", async () => {
  const { server, store, repo } = await chartBench();
  const headers = { "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" };
  server.answers.set("/charts/index.yaml", { headers, body: server.index() });
  await store.poll({ repo, chart: "web" });
  server.answers.set("/charts/index.yaml", { status: 304 });
  expect((await store.poll({ repo, chart: "web" })).problem).toBeUndefined();
  expect((await store.resolve({ repo, chart: "web", ref: "1.0.0" })).revision).toBe("1.0.0");
});

test("an archive of a version that was published anew is taken with the next poll", async () => {
  const { server, store, repo } = await chartBench();
  const before = await takeChart(store, { repo, chart: "web", version: "1.2.0" });
  const digest = server.add("web", "1.2.0", { description: "again" });
  expect(await store.poll({ repo, chart: "web" })).toEqual({ changed: true });
  const after = await takeChart(store, { repo, chart: "web", version: "1.2.0" });
  expect(after.snapshot.key).toBe(digest);
  expect(after.snapshot.key).not.toBe(before.snapshot.key);
  expect(sha256Of(await before.file.read())).toBe(before.file.oid);
});

test("absolute URLs, indexes in JSON, compressed ones and digests with their algorithm's name are understood", async () => {
  const elsewhere = await chartServer();
  elsewhere.add("web", "1.0.0");
  const digest = sha256Of(chartArchive("web", "1.0.0"));
  const { server, store, repo } = await chartBench();
  server.add("web", "1.0.0", { urls: [`${elsewhere.repo}/web-1.0.0.tgz`], digest: `sha256:${digest}` });
  const json = server.index().replace(/^#.*\n/, "");
  server.answers.set("/charts/index.yaml", { headers: { "content-encoding": "gzip" }, body: gzipSync(json) });
  expect((await takeChart(store, { repo, chart: "web", version: "1.0.0" })).snapshot.tree).toBe(digest);
  expect(elsewhere.count("/charts/web-1.0.0.tgz")).toBe(1);
});

test("without a digest in the index the archive's own counts, and it is fetched once", async () => {
  const { server, store, repo } = await chartBench();
  server.add("web", "1.0.0", { digest: undefined });
  const digest = sha256Of(chartArchive("web", "1.0.0"));
  for (let nth = 0; nth < 3; nth++) {
    expect((await takeChart(store, { repo, chart: "web", version: "1.0.0" })).snapshot.tree).toBe(digest);
    expect(await store.poll({ repo, chart: "web" })).toEqual({ changed: false });
  }
  expect(server.count("/charts/web-1.0.0.tgz")).toBe(1);
});

test("entries that are no versions are passed over", async () => {
  const { server, store, repo } = await chartBench();
  server.add("web", "9.0.0", { urls: [] });
  server.add("web", "not a version");
  server.add("web", "8.0.0", { urls: "no list" });
  expect((await store.resolve({ repo, chart: "web", ref: "HEAD" })).revision).toBe("1.2.0");
});

test("a version that YAML would take for a number stays what is written", async () => {
  const { server, store, repo } = await chartBench();
  const entry = "  - {version: 1.10, urls: [a.tgz]}\n  - {version: 1.9, urls: [a.tgz]}\n";
  server.answers.set("/charts/index.yaml", { body: `apiVersion: v1\nentries:\n  web:\n${entry}  - null\n` });
  expect((await store.resolve({ repo, chart: "web", ref: "^1" })).revision).toBe("1.10");
});

test("a repository that stops answering keeps its last good version, with the reason and since when", async () => {
  const { now, pass } = clock();
  const { log, text } = recordingLog();
  const { server, store, repo } = await chartBench({ now, log });
  const source = { repo, chart: "web" };
  await takeChart(store, { ...source, version: "^1" });
  server.answers.set("/charts/index.yaml", { status: 503 });
  pass(60_000);
  expect(await store.poll(source)).toMatchObject({ changed: false, problem: { code: "PL-CHART-UNREACHABLE" } });
  pass(60_000);
  await store.poll(source);
  expect(await store.resolve({ ...source, ref: "^1" })).toEqual({
    revision: "1.2.0",
    resolvedRef: "web@1.2.0",
    checkedAt: "2026-01-01T00:00:00.000Z",
    stale: { since: "2026-01-01T00:01:00.000Z", problem: expect.objectContaining({ code: "PL-CHART-UNREACHABLE" }) },
  });
  expect(text().match(/cannot be asked/g)).toHaveLength(1);
  server.answers.clear();
  expect(await store.poll(source)).toEqual({ changed: false });
  expect(await store.resolve({ ...source, ref: "^1" })).not.toHaveProperty("stale");
  expect(text()).toContain("answers again");
});

test("a repository that never answered is asked once a poll, not once an application", async () => {
  const { server, store, repo } = await chartBench();
  server.answers.set("/charts/index.yaml", { status: 500 });
  await store.poll({ repo, chart: "web" });
  for (let nth = 0; nth < 20; nth++)
    await expectCode(store.resolve({ repo, chart: "web", ref: `1.${nth}` }), "PL-CHART-UNREACHABLE");
  expect(server.requests).toHaveLength(1);
});

test("a repository that is silent is given up after the timeout", async () => {
  const { server, store, repo } = await chartBench({ timeoutMs: 150 });
  server.answers.set("/charts/index.yaml", "hang");
  await expectCode(store.resolve({ repo, chart: "web", ref: "1.0.0" }), "PL-CHART-TIMEOUT");
});

test("everybody who asks for the same at the same time shares the requests", async () => {
  const { server, store, repo } = await chartBench();
  await Promise.all(Array.from({ length: 30 }, () => store.chart({ repo, chart: "web", version: "1.0.0" })));
  expect(server.requests.map(({ path }) => path)).toEqual(["/charts/index.yaml", "/charts/web-1.0.0.tgz"]);
});

test("a chart has no folders", async () => {
  const { store, repo } = await chartBench();
  const resolution = await store.resolve({ repo, chart: "web", ref: "1.0.0" });
  await expectCode(store.snapshot({ repo, chart: "web", path: "a/b" }, resolution), "PL-PATH-MISSING");
});

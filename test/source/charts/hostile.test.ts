import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { expectCode, sourceStore } from "../workbench.ts";
import { chartArchive, sha256Of } from "./chart-archive.ts";
import { chartServer } from "./chart-server.ts";
import { chartBench } from "./charts-bench.ts";

const DIGEST = "a".repeat(64);

/** As Helm writes it, some 500 bytes a version. */
function largeIndex(charts: number, versions: number): string {
  const lines = ["apiVersion: v1", "entries:"];
  for (let chart = 0; chart < charts; chart++) {
    lines.push(`  chart-${chart}:`);
    for (let nth = 0; nth < versions; nth++)
      lines.push(
        `  - apiVersion: v2\n    created: "2026-01-01T00:00:00.000Z"\n    description: ${"words of a chart ".repeat(15)}\n    digest: ${DIGEST}`,
        `    name: chart-${chart}\n    urls:\n    - https://charts.example/chart-${chart}-1.${nth}.0.tgz\n    version: 1.${nth}.0`,
      );
  }
  return `${lines.join("\n")}\n`;
}

test("a large index is read beside the main thread, which stays free", async () => {
  const { server, store, repo } = await chartBench();
  server.answers.set("/charts/index.yaml", { body: largeIndex(100, 150) });
  const before = performance.eventLoopUtilization();
  expect((await store.resolve({ repo, chart: "chart-77", ref: "~1.100" })).revision).toBe("1.100.0");
  expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
}, 60_000);

test("what is no index of charts is none, and an empty one has no charts", async () => {
  const { server, store, repo } = await chartBench();
  const texts = [
    "<html><body>Sign in</body></html>",
    "",
    "a: b",
    "- 1",
    "apiVersion: v1\n\tentries: {}",
    "{",
    "entries: {}",
  ];
  for (const body of texts) {
    server.answers.set("/charts/index.yaml", { body });
    expect((await store.poll({ repo, chart: "web" })).problem?.code, body).toBe("PL-CHART-INDEX");
  }
  for (const body of ["apiVersion: v1\nentries:\n", "apiVersion: v1\nentries: {}\n", '{"apiVersion":"v1"}']) {
    server.answers.set("/charts/index.yaml", { body });
    expect((await store.poll({ repo, chart: "web" })).problem, body).toBeUndefined();
    await expectCode(store.resolve({ repo, chart: "web", ref: "1" }), "PL-CHART-NOT-FOUND");
  }
});

test("an index that stands for far more than it is long ends with a code", async () => {
  const { server, store, repo } = await chartBench();
  const list = `[${Array.from({ length: 3000 }, () => "{version: 1.0.0, urls: [x]}").join(",")}]`;
  const entries = Array.from({ length: 900 }, (_, nth) => `  c${nth}: *a\n`).join("");
  server.answers.set("/charts/index.yaml", { body: `apiVersion: v1\nx: &a ${list}\nentries:\n${entries}` });
  expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-TOO-LARGE");
  server.answers.set("/charts/index.yaml", { body: `apiVersion: v1\nentries: ${"[".repeat(100_000)}` });
  expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-INDEX");
  const bomb = gzipSync(Buffer.alloc(80 * 2 ** 20, " "));
  server.answers.set("/charts/index.yaml", { headers: { "content-encoding": "gzip" }, body: bomb });
  expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-TOO-LARGE");
}, 60_000);

test("an index that is too large is not read to its end", async () => {
  const { server, store, repo } = await chartBench();
  server.answers.set("/charts/index.yaml", { body: Buffer.alloc(66 * 2 ** 20, "#") });
  expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-TOO-LARGE");
}, 60_000);

test("names that are also names of JavaScript are names of charts like others", async () => {
  const { server, store, repo } = await chartBench();
  for (const chart of ["constructor", "__proto__", "toString"])
    await expectCode(store.resolve({ repo, chart, ref: "1" }), "PL-CHART-NOT-FOUND");
  server.add("constructor", "1.0.0");
  await store.poll({ repo, chart: "constructor" });
  expect((await store.resolve({ repo, chart: "constructor", ref: "1" })).revision).toBe("1.0.0");
});

test("a registry whose archive is not what its manifest says, whose tags do not end or go on elsewhere", async () => {
  const server = await chartServer();
  const repo = `oci://${new URL(server.origin).host}`;
  const manifest = (digest: string) =>
    JSON.stringify({
      layers: [
        { mediaType: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", digest: `sha256:${digest}`, size: 10 },
      ],
    });
  server.answers.set("/v2/web/manifests/1.0.0", { body: manifest(DIGEST) });
  server.answers.set(`/v2/web/blobs/sha256:${DIGEST}`, { body: chartArchive("web", "1.0.0") });
  const store = await sourceStore();
  const error = await expectCode(store.chart({ repo, chart: "web", version: "1.0.0" }), "PL-CHART-DIGEST");
  expect(error.message).toContain(sha256Of(chartArchive("web", "1.0.0")));
  server.answers.set("/v2/web/manifests/2.0.0", { body: manifest("../../../etc/passwd") });
  await expectCode(store.resolve({ repo, chart: "web", ref: "2.0.0" }), "PL-CHART-INDEX");
  const page = (link: string) => ({ body: '{"tags":["1.0.0"]}', headers: { link: `<${link}>; rel="next"` } });
  server.answers.set("/v2/web/tags/list?n=1000", page("http://tags.example/v2/web/tags/list"));
  await expectCode(store.resolve({ repo, chart: "web", ref: "^1" }), "PL-CHART-INDEX");
  server.answers.set("/v2/web/tags/list?n=1000", page("/v2/web/tags/list?n=1000"));
  expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-INDEX");
}, 60_000);

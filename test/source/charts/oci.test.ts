import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  BUILD_MS,
  pushChart,
  type RegistryOptions,
  registryAvailability,
  registryProgram,
  startRegistry,
} from "../../chart-registry/index.ts";
import { expectCode, sourceStore } from "../workbench.ts";
import { chartArchive, sha256Of } from "./chart-archive.ts";
import { chartServer } from "./chart-server.ts";
import { takeChart } from "./charts-bench.ts";

const availability = registryAvailability();

async function registry(options: RegistryOptions = {}) {
  const started = await startRegistry(options);
  onTestFinished(() => started.stop());
  return started;
}

/** A registry with these versions of team/charts/web, and a store that counts its requests. */
async function ociBench(versions: readonly string[], options: RegistryOptions = {}) {
  const { origin, host } = await registry(options);
  const push = (version: string, name = "team/charts/web") =>
    pushChart({ origin, name, tag: version.replaceAll("+", "_"), archive: chartArchive("web", version) });
  for (const version of versions) await push(version);
  const asked: string[] = [];
  const store = await sourceStore({ onChartRequest: ({ operation }) => asked.push(operation) });
  return { origin, repo: `oci://${host}/team/charts`, push, asked, store };
}

describe.skipIf(!availability.available)("charts of a registry", () => {
  beforeAll(() => registryProgram(), BUILD_MS);

  test("an exact version is one manifest and one archive, and no list of tags", async () => {
    const { store, repo, asked } = await ociBench(["1.0.0", "1.1.0"]);
    const { resolution, snapshot, file, bytes } = await takeChart(store, { repo, chart: "web", version: "1.0.0" });
    const digest = sha256Of(chartArchive("web", "1.0.0"));
    expect(resolution).toMatchObject({ revision: "1.0.0", resolvedRef: "web@1.0.0" });
    expect(snapshot).toMatchObject({ tree: digest, key: digest, committedAt: "2026-01-02T03:04:05.000Z" });
    expect(file).toMatchObject({ path: "web-1.0.0.tgz", oid: digest });
    expect(bytes).toEqual(chartArchive("web", "1.0.0"));
    expect(asked).toEqual(["manifest", "archive"]);
    await store.poll({ repo, chart: "web" });
    expect(asked).toHaveLength(2);
  });

  test("a range lists the tags, page by page, and a new version is news", async () => {
    const { store, repo, push, asked } = await ociBench(["1.0.0", "1.1.0", "1.2.0", "2.0.0-rc.1", "0.9.0"], {
      maxTags: 2,
    });
    const resolve = async (ref: string) => (await store.resolve({ repo, chart: "web", ref })).revision;
    expect(await resolve("^1")).toBe("1.2.0");
    expect(asked.filter((one) => one === "tags").length).toBeGreaterThan(1);
    expect(await resolve("HEAD")).toBe("1.2.0");
    expect(await resolve(">1-0")).toBe("2.0.0-rc.1");
    await store.poll({ repo, chart: "web" });
    expect(await store.poll({ repo, chart: "web" })).toEqual({ changed: false });
    await push("1.3.0");
    expect(await store.poll({ repo, chart: "web" })).toEqual({ changed: true });
    expect(await resolve("^1")).toBe("1.3.0");
  });

  test("a version with a plus is a tag with an underscore", async () => {
    const { store, repo } = await ociBench(["1.0.0+build.7"]);
    for (const version of ["1.0.0+build.7", "^1", "1.0.0"]) {
      const { resolution, file } = await takeChart(store, { repo, chart: "web", version });
      expect(resolution.revision).toBe("1.0.0+build.7");
      expect(file.path).toBe("web-1.0.0+build.7.tgz");
    }
  });

  test("a chart and a version that are not there, and a name that cannot be one", async () => {
    const { store, repo } = await ociBench(["1.0.0", "1.1.0"]);
    await expectCode(store.resolve({ repo, chart: "wob", ref: "1.0.0" }), "PL-CHART-NOT-FOUND");
    const error = await expectCode(store.resolve({ repo, chart: "web", ref: "3.0.0" }), "PL-CHART-VERSION-MISSING");
    expect(error.message).toContain("the newest are 1.1.0, 1.0.0");
    for (const chart of ["Web", "../web", "a b", "web:1.0.0"])
      await expectCode(store.resolve({ repo, chart, ref: "1.0.0" }), "PL-CHART-NAME");
  });

  test("a version that is published after it was asked for is found at the next poll", async () => {
    const { store, repo, push } = await ociBench(["1.0.0"]);
    await expectCode(store.resolve({ repo, chart: "web", ref: "1.1.0" }), "PL-CHART-VERSION-MISSING");
    await push("1.1.0");
    await store.poll({ repo, chart: "web" });
    expect((await store.resolve({ repo, chart: "web", ref: "1.1.0" })).revision).toBe("1.1.0");
  });

  test("an artifact that is no chart is none, and Helm's older kind of archive is one", async () => {
    const { store, repo, origin } = await ociBench([]);
    const archive = chartArchive("web", "1.0.0");
    await pushChart({
      origin,
      name: "team/charts/image",
      tag: "1.0.0",
      archive,
      mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    });
    await pushChart({ origin, name: "team/charts/old", tag: "1.0.0", archive, mediaType: "application/tar+gzip" });
    await expectCode(store.resolve({ repo, chart: "image", ref: "1.0.0" }), "PL-CHART-INDEX");
    expect((await store.chart({ repo, chart: "old", version: "1.0.0" })).digest).toBe(sha256Of(archive));
  });

  test("an index of a Helm repository may lead to a registry", async () => {
    const { origin, host } = await registry();
    await pushChart({ origin, name: "charts/web", tag: "1.0.0", archive: chartArchive("web", "1.0.0") });
    const server = await chartServer();
    server.add("web", "1.0.0", { urls: [`oci://${host}/charts/web:1.0.0`] });
    const store = await sourceStore();
    const { digest } = await store.chart({ repo: server.repo, chart: "web", version: "1.0.0" });
    expect(digest).toBe(sha256Of(chartArchive("web", "1.0.0")));
  });

  test("an archive that is larger than is read is not asked for", async () => {
    const { origin, host } = await registry();
    await pushChart({ origin, name: "web", tag: "1.0.0", archive: Buffer.alloc(50_000) });
    const asked: string[] = [];
    const charts = { maxArchiveBytes: 40_000 };
    const store = await sourceStore({ charts, onChartRequest: ({ operation }) => asked.push(operation) });
    await expectCode(store.chart({ repo: `oci://${host}`, chart: "web", version: "1.0.0" }), "PL-CHART-TOO-LARGE");
    expect(asked).toEqual(["manifest"]);
  });
});

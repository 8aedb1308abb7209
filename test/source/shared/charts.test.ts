import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  BUILD_MS,
  pushChart,
  registryAvailability,
  registryProgram,
  startRegistry,
} from "../../chart-registry/index.ts";
import { chartArchive } from "../charts/chart-archive.ts";
import { chartServer } from "../charts/chart-server.ts";
import { expectCode } from "../workbench.ts";
import { StoreFleet } from "./store-fleet.ts";

const KNOWN = { withinMs: Number.POSITIVE_INFINITY };
const DUE = { withinMs: 120_000 };
const INDEX = "/charts/index.yaml";

/** Replicas a, b and c, of which `a` asks for all, and a Helm repository that each has looked at once. */
async function chartFleet() {
  const server = await chartServer();
  for (const version of ["1.0.0", "1.1.0"]) server.add("web", version);
  const fleet = await StoreFleet.open(["a", "b", "c"]);
  const all = ["a", "b", "c"].map((id) => fleet.of(id));
  const source = { repo: server.repo, chart: "web", ref: "^1" };
  const versions = () => Promise.all(all.map(async ({ store }) => (await store.resolve(source)).revision));
  return { server, fleet, all, source, versions, asked: () => server.count(INDEX) };
}

test("the index is asked for once, whatever the number of replicas, first and at each interval", async () => {
  const { all, source, versions, asked } = await chartFleet();
  expect(await versions()).toEqual(["1.1.0", "1.1.0", "1.1.0"]);
  expect(asked()).toBe(1);
  for (const { store } of all) await store.poll(source, DUE);
  expect(asked()).toBe(2);
});

test("a new version is asked for once, told to all, and each fetches the archive itself", async () => {
  const { server, fleet, all, source, versions, asked } = await chartFleet();
  await versions();
  for (const { store } of all) await store.poll(source, KNOWN);
  server.add("web", "1.2.0");
  const before = asked();
  expect(await fleet.of("c").store.poll(source)).toEqual({ changed: true });
  expect(fleet.of("b").heard).toEqual([{ repo: server.repo, chart: "web" }]);
  for (const id of ["a", "b"]) expect(await fleet.of(id).store.poll(source, KNOWN)).toEqual({ changed: true });
  expect(await versions()).toEqual(["1.2.0", "1.2.0", "1.2.0"]);
  expect(asked()).toBe(before + 1);
  for (const { store } of all) {
    const snapshot = await store.snapshot({ ...source, path: "." }, await store.resolve(source));
    expect(Buffer.from((await (await snapshot.files())[0]?.read()) ?? [])).toEqual(chartArchive("web", "1.2.0"));
  }
  expect(server.count("/charts/web-1.2.0.tgz")).toBe(3);
  expect(asked()).toBe(before + 1);
});

test("a range without a version, and a repository that is away, are the same for all", async () => {
  const { server, all, source, versions, asked } = await chartFleet();
  await versions();
  for (const { store } of all) await expectCode(store.resolve({ ...source, ref: "^9" }), "PL-CHART-VERSION-MISSING");
  const before = asked();
  server.answers.set(INDEX, { status: 503 });
  for (const { store } of all)
    expect(await store.poll(source, DUE)).toMatchObject({ changed: false, problem: { code: "PL-CHART-UNREACHABLE" } });
  for (const { store } of all)
    expect(await store.resolve(source)).toMatchObject({
      revision: "1.1.0",
      stale: { problem: { code: "PL-CHART-UNREACHABLE" } },
    });
  expect(asked()).toBe(before + 1);
});

test("where the one that asks for all is away, or talks nonsense, each asks itself", async () => {
  const { server, fleet, source, versions } = await chartFleet();
  await versions();
  server.add("web", "1.2.0");
  fleet.of("a").isAway = true;
  expect(await fleet.of("b").store.poll(source, DUE)).toMatchObject({ changed: true });
  expect((await fleet.of("b").store.resolve(source)).revision).toBe("1.2.0");
  fleet.of("a").isAway = false;
  fleet.of("a").spoil = () => ({ ageMs: 1, versions: [{ range: "^1", found: { version: 7 }, ageMs: 1 }] });
  expect(await fleet.of("c").store.poll(source, DUE)).toMatchObject({ changed: true });
  expect((await fleet.of("c").store.resolve(source)).revision).toBe("1.2.0");
});

test("a dependency of a chart is looked up once a minute for all", async () => {
  const { all, source, asked } = await chartFleet();
  for (const { store } of all)
    expect((await store.chart({ repo: source.repo, chart: "web", version: "^1" })).version).toBe("1.1.0");
  expect(asked()).toBe(1);
});

test("another replica that asks for all from now on asks anew, and nobody falls back to an older version", async () => {
  const { server, fleet, all, source, versions, asked } = await chartFleet();
  await versions();
  server.add("web", "1.2.0");
  fleet.divide("b");
  for (const { store } of all) await store.poll(source, KNOWN);
  expect(await versions()).toEqual(["1.2.0", "1.2.0", "1.2.0"]);
  expect(asked()).toBe(2);
});

const availability = registryAvailability();

describe.skipIf(!availability.available)("charts of a registry", () => {
  beforeAll(() => registryProgram(), BUILD_MS);

  test("its tags are asked for once, whatever the number of replicas", async () => {
    const registry = await startRegistry();
    onTestFinished(() => registry.stop());
    const push = (version: string) =>
      pushChart({
        origin: registry.origin,
        name: "team/charts/web",
        tag: version,
        archive: chartArchive("web", version),
      });
    await push("1.0.0");
    const asked: string[] = [];
    const onChartRequest = ({ operation }: { operation: string }) => void asked.push(operation);
    const fleet = await StoreFleet.open(["a", "b", "c"], { onChartRequest });
    const all = ["a", "b", "c"].map((id) => fleet.of(id));
    const source = { repo: `oci://${registry.host}/team/charts`, chart: "web", ref: "^1" };
    for (const { store } of all) expect((await store.resolve(source)).revision).toBe("1.0.0");
    for (const { store } of all) await store.poll(source, KNOWN);
    await push("1.1.0");
    expect(await fleet.of("b").store.poll(source)).toEqual({ changed: true });
    expect(fleet.of("c").heard).toEqual([{ repo: source.repo, chart: "web" }]);
    for (const { store } of all) await store.poll(source, KNOWN);
    for (const { store } of all) expect((await store.resolve(source)).revision).toBe("1.1.0");
    expect(asked.filter((one) => one === "tags")).toHaveLength(2);
    expect(asked.filter((one) => one === "manifest")).toHaveLength(2);
  });
});

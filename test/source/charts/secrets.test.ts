import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { settingsFor } from "../../../src/source/access.ts";
import { checkedChartUrl } from "../../../src/source/charts/chart-url.ts";
import type { RepositorySettings } from "../../../src/source/index.ts";
import { basicHeader } from "../../chart-registry/index.ts";
import { emptyFolder, expectCode, recordingLog, sourceStore } from "../workbench.ts";
import { chartServer } from "./chart-server.ts";
import { takeChart } from "./charts-bench.ts";

const SECRET = "s3cret-of-the-test";
const basic = { username: "robot", password: SECRET };

async function passwordFile(password = SECRET): Promise<string> {
  const path = join(await emptyFolder(), "password");
  await writeFile(path, `${password}\n`);
  return path;
}

/** A repository that wants a user and password, and a store that has them. */
async function guarded(given = SECRET) {
  const server = await chartServer({ basic });
  server.add("web", "1.0.0");
  const credentials = { username: "robot", passwordFile: await passwordFile(given) };
  const recorded = recordingLog();
  const repositories: RepositorySettings[] = [{ url: `${server.origin}/`, credentials }];
  return { server, recorded, store: await sourceStore({ repositories, log: recorded.log }) };
}

test("user and password let in, at index and archive", async () => {
  const { server, store } = await guarded();
  const taken = await takeChart(store, { repo: server.repo, chart: "web", version: "1.0.0" });
  expect(taken.bytes.length).toBeGreaterThan(0);
  expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set([basicHeader(basic)]));
});

test("wrong credentials are denied, and no message, log line or cause holds the secret", async () => {
  const wrong = `wrong-${SECRET}`;
  const { server, store, recorded } = await guarded(wrong);
  const { problem } = await store.poll({ repo: server.repo, chart: "web" });
  const error = await expectCode(store.resolve({ repo: server.repo, chart: "web", ref: "1.0.0" }), "PL-CHART-DENIED");
  const said = [JSON.stringify(problem), recorded.text(), error.stack, JSON.stringify(error.cause)].join();
  expect(said).not.toContain(wrong);
  expect(said).not.toContain(basicHeader({ username: "robot", password: wrong }).slice("Basic ".length));
});

test("an archive at another origin is fetched without credentials, even where the settings have some for that origin", async () => {
  const elsewhere = await chartServer();
  const digest = elsewhere.add("web", "2.0.0");
  const server = await chartServer({ basic });
  server.add("web", "2.0.0", { urls: [`${elsewhere.repo}/web-2.0.0.tgz`] });
  const credentials = { username: "robot", passwordFile: await passwordFile() };
  const repositories = [server, elsewhere].map(({ origin }) => ({ url: `${origin}/`, credentials }));
  const store = await sourceStore({ repositories });
  expect((await takeChart(store, { repo: server.repo, chart: "web", version: "2.0.0" })).snapshot.tree).toBe(digest);
  expect(elsewhere.requests).toEqual([{ path: "/charts/web-2.0.0.tgz", status: 200, authorization: undefined }]);
});

test("a redirect to another origin is followed without the credentials, for index and archive", async () => {
  const elsewhere = await chartServer();
  elsewhere.add("web", "1.0.0");
  const { server, store } = await guarded();
  for (const path of ["/charts/index.yaml", "/charts/web-1.0.0.tgz"])
    server.answers.set(path, { status: 302, headers: { location: elsewhere.origin + path } });
  await takeChart(store, { repo: server.repo, chart: "web", version: "1.0.0" });
  expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([undefined, undefined]);
  expect(server.requests.every(({ authorization }) => authorization === basicHeader(basic))).toBe(true);
});

test("redirects in a circle end", async () => {
  const { server, store } = await guarded();
  server.answers.set("/charts/index.yaml", { status: 302, headers: { location: "/charts/index.yaml" } });
  const error = await expectCode(store.resolve({ repo: server.repo, chart: "web", ref: "1" }), "PL-CHART-UNREACHABLE");
  expect(error.message).toContain("redirects");
  expect(server.requests.length).toBeLessThan(10);
});

test("a certificate authority from the settings is trusted, for that repository only", async () => {
  const server = await chartServer({ tls: true });
  server.add("web", "1.0.0");
  const { caFile = "" } = server;
  const request = { repo: server.repo, chart: "web", version: "1.0.0" };
  const trusting = await sourceStore({ repositories: [{ url: `${server.origin}/`, caFile }] });
  expect((await trusting.chart(request)).version).toBe("1.0.0");
  const error = await expectCode((await sourceStore()).chart(request), "PL-CHART-UNREACHABLE");
  expect(error.message).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(error.next).toContain("caFile");
});

test("an archive is not fetched over http for an https repository, unless the index has its digest", async () => {
  const plain = await chartServer();
  plain.add("web", "1.0.0");
  const server = await chartServer({ tls: true });
  const urls = [`${plain.repo}/web-1.0.0.tgz`];
  server.add("web", "1.0.0", { urls });
  server.add("bare", "1.0.0", { urls, digest: undefined });
  const { caFile = "" } = server;
  const store = await sourceStore({ repositories: [{ url: `${server.origin}/`, caFile }] });
  await store.chart({ repo: server.repo, chart: "web", version: "1.0.0" });
  await expectCode(store.chart({ repo: server.repo, chart: "bare", version: "1.0.0" }), "PL-CHART-URL");
  expect(plain.requests).toHaveLength(1);
});

test("URLs with credentials, other schemes and no URLs are refused, and the password is not repeated", async () => {
  const store = await sourceStore();
  for (const repo of [
    `https://robot:${SECRET}@charts.example/a`,
    `oci://robot:${SECRET}@registry.example/a`,
    `https://charts.example/a?token=${SECRET}`,
    "file:///srv/charts",
    "ftp://charts.example/a",
    "/srv/charts",
    "",
  ]) {
    const error = await expectCode(store.resolve({ repo, chart: "web", ref: "1" }), "PL-CHART-URL");
    expect(`${error.stack}${error.where}`).not.toContain(SECRET);
    expect((await store.poll({ repo, chart: "web" })).problem?.code).toBe("PL-CHART-URL");
  }
});

test("an index that leads to what is no URL of the web, or carries a password, is refused", async () => {
  const server = await chartServer();
  const store = await sourceStore();
  for (const [index, url] of [
    "file:///etc/passwd",
    "http://a:b@127.0.0.1/x.tgz",
    "http://[",
    "oci://a:b@127.0.0.1/x:1",
  ].entries()) {
    server.add(`bad-${index}`, "1.0.0", { urls: [url] });
    await store.poll({ repo: server.repo, chart: `bad-${index}` });
    await expectCode(store.chart({ repo: server.repo, chart: `bad-${index}`, version: "1.0.0" }), "PL-CHART-URL");
  }
});

test("settings of a registry are found by oci://, whatever the spelling, and not by https://", () => {
  const all = ["https://registry.example/", "oci://registry.example/", "oci://Registry.example:443/team/"].map(
    (url) => ({ url }),
  );
  const chosen = (repo: string) => settingsFor(checkedChartUrl(repo), all)?.url;
  expect(chosen("oci://registry.example/other")).toBe("oci://registry.example/");
  expect(chosen("oci://REGISTRY.example/team/charts/")).toBe("oci://Registry.example:443/team/");
  expect(chosen("oci://registry.example/team-b")).toBe("oci://registry.example/");
  expect(chosen("https://registry.example/team")).toBe("https://registry.example/");
  expect(chosen("oci://registry.example.evil/team")).toBeUndefined();
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  BUILD_MS,
  basicHeader,
  pushChart,
  registryAvailability,
  registryProgram,
  startRegistry,
  startTokenServer,
  type TokenServerOptions,
  tokenOf,
} from "../../chart-registry/index.ts";
import { createCertificate } from "../../git-server/certificate.ts";
import { emptyFolder, expectCode, recordingLog, sourceStore } from "../workbench.ts";
import { chartArchive } from "./chart-archive.ts";
import { chartServer } from "./chart-server.ts";
import { clock, takeChart } from "./charts-bench.ts";

const basic = { username: "robot", password: "s3cret-of-the-test" };
const NAME = "team/web";
const request = (host: string, version = "1.0.0") => ({ repo: `oci://${host}/team`, chart: "web", version });

async function credentials(password = basic.password) {
  const passwordFile = join(await emptyFolder(), "password");
  await writeFile(passwordFile, password);
  return { username: basic.username, passwordFile };
}

/** A registry that takes tokens of a token server, with team/web in two versions. */
async function tokenBench(options: Omit<TokenServerOptions, "certificate"> = {}) {
  const certificate = await createCertificate(await emptyFolder());
  const tokens = await startTokenServer({ certificate, ...options });
  onTestFinished(() => tokens.stop());
  const { realm, issuer } = tokens;
  const token = { realm, issuer, service: "charts", certFile: certificate.caFile };
  const { host, origin, stop } = await startRegistry({ token });
  onTestFinished(stop);
  const authorization = `Bearer ${tokenOf(certificate, { service: "charts", scope: `repository:${NAME}:push,pull` })}`;
  for (const tag of ["1.0.0", "1.1.0"])
    await pushChart({ origin, name: NAME, tag, archive: chartArchive("web", tag), authorization });
  return { tokens, host, certificate };
}

const availability = registryAvailability();

describe.skipIf(!availability.available)("registries that want to know who asks", () => {
  beforeAll(() => registryProgram(), BUILD_MS);

  test("basic: user and password let in; without or with wrong ones one is denied, and the secret is in no text", async () => {
    const { host, origin, stop } = await startRegistry({ basic });
    onTestFinished(stop);
    const authorization = basicHeader(basic);
    await pushChart({ origin, name: NAME, tag: "1.0.0", archive: chartArchive("web", "1.0.0"), authorization });
    const url = `oci://${host}/team/`;
    const store = await sourceStore({ repositories: [{ url, credentials: await credentials() }] });
    expect((await takeChart(store, request(host))).bytes).toEqual(chartArchive("web", "1.0.0"));
    await expectCode((await sourceStore()).chart(request(host)), "PL-CHART-DENIED");
    const recorded = recordingLog();
    const wrong = [{ url, credentials: await credentials("wrong-secret") }];
    const error = await expectCode(
      (await sourceStore({ repositories: wrong, log: recorded.log })).chart(request(host)),
      "PL-CHART-DENIED",
    );
    expect(`${error.stack}${recorded.text()}`).not.toContain("wrong-secret");
  });

  test("token: one is got without credentials where anybody gets one, and serves for all requests of the chart", async () => {
    const { host, tokens } = await tokenBench();
    const store = await sourceStore();
    expect((await takeChart(store, request(host, "^1"))).resolution.revision).toBe("1.1.0");
    expect(tokens.requests).toEqual([{ scope: `repository:${NAME}:pull`, authorization: undefined }]);
  });

  test("token: user and password go to the token server and not to the registry", async () => {
    const { host, tokens } = await tokenBench({ basic });
    const repositories = [{ url: `oci://${host}/`, credentials: await credentials() }];
    expect((await (await sourceStore({ repositories })).chart(request(host))).version).toBe("1.0.0");
    expect(tokens.requests.map(({ authorization }) => authorization)).toEqual([basicHeader(basic)]);
    await expectCode((await sourceStore()).chart(request(host)), "PL-CHART-DENIED");
  });

  test("token: a new one is got when the life of the old one nears its end", async () => {
    const { now, pass } = clock(Date.now());
    const { host, tokens } = await tokenBench({ expiresIn: 100 });
    const store = await sourceStore({ now });
    const chart = (version: string) => store.chart(request(host, version));
    await chart("1.0.0");
    pass(70_000);
    await chart("1.1.0");
    expect(tokens.requests).toHaveLength(1);
    pass(20_000);
    await expectCode(chart("9.9.9"), "PL-CHART-VERSION-MISSING");
    expect(tokens.requests).toHaveLength(2);
  });

  test("token: one of the settings goes to the registry as it is", async () => {
    const { host, tokens, certificate } = await tokenBench({ basic });
    const tokenFile = join(await emptyFolder(), "token");
    await writeFile(tokenFile, tokenOf(certificate, { service: "charts", scope: `repository:${NAME}:pull` }));
    const store = await sourceStore({ repositories: [{ url: `oci://${host}/`, credentials: { tokenFile } }] });
    expect((await store.chart(request(host))).version).toBe("1.0.0");
    expect(tokens.requests).toEqual([]);
  });

  test("over https with an authority of the settings", async () => {
    const dir = await emptyFolder();
    const { caFile } = await createCertificate(dir);
    const { host, stop } = await startRegistry({ tls: { certFile: caFile, keyFile: join(dir, "tls.key") } });
    onTestFinished(stop);
    const store = await sourceStore({ repositories: [{ url: `oci://${host}/`, caFile }] });
    await expectCode(store.chart(request(host)), "PL-CHART-NOT-FOUND");
  });
});

test("credentials are not given to a token server that is neither https nor on this machine", async () => {
  const registry = await chartServer();
  const challenge = 'Bearer realm="http://tokens.example/token",service="charts"';
  registry.answers.set("/v2/team/web/manifests/1.0.0", { status: 401, headers: { "www-authenticate": challenge } });
  const host = new URL(registry.origin).host;
  const store = await sourceStore({ repositories: [{ url: `oci://${host}/`, credentials: await credentials() }] });
  const error = await expectCode(store.chart(request(host)), "PL-CHART-DENIED");
  expect(error.message).toContain("not https");
});

test("a challenge of another host that a redirect leads to is not answered", async () => {
  const elsewhere = await chartServer({ basic });
  const registry = await chartServer();
  const path = "/v2/team/web/manifests/1.0.0";
  registry.answers.set(path, { status: 307, headers: { location: elsewhere.origin + path } });
  const host = new URL(registry.origin).host;
  const store = await sourceStore({ repositories: [{ url: `oci://${host}/`, credentials: await credentials() }] });
  await expectCode(store.chart(request(host)), "PL-CHART-DENIED");
  expect(elsewhere.requests.map(({ authorization }) => authorization)).toEqual([undefined]);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { settingsFor } from "../../src/source/access.ts";
import type { RepositorySettings } from "../../src/source/index.ts";
import { startProxy } from "./proxy.ts";
import { emptyFolder, errorOf, expectCode, gitServer, look, recordingLog, sourceStore, textsOf } from "./workbench.ts";

const SECRET = "s3cret-of-the-test";

async function fileWith(text: string): Promise<string> {
  const path = join(await emptyFolder(), "secret");
  await writeFile(path, text);
  return path;
}

function variable(name: string, value: string | undefined): void {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** A server that wants credentials, and a store that has some. */
async function guarded(options: Parameters<typeof gitServer>[0], credentials: RepositorySettings["credentials"]) {
  const server = await gitServer(options);
  const repo = await server.createRepository("team/apps", { "a.yaml": "a: 1\n" });
  const recorded = recordingLog();
  const settings = { url: `${server.origin}/team/`, ...(credentials === undefined ? {} : { credentials }) };
  return { server, repo, recorded, store: await sourceStore({ repositories: [settings], log: recorded.log }) };
}

test("a token from a file lets in, and a renewed one counts at the next request", async () => {
  const tokenFile = await fileWith("an-old-token\n");
  const { repo, store } = await guarded({ requireToken: SECRET }, { tokenFile });
  expect((await store.poll(repo.url)).problem?.code).toBe("PL-GIT-DENIED");
  await writeFile(tokenFile, `${SECRET}\n`);
  expect(await textsOf(await look(store, { repo }))).toEqual({ "a.yaml": "a: 1\n" });
});

test("a token from the environment lets in", async () => {
  variable("PLUMB_TEST_TOKEN", SECRET);
  const { repo, store } = await guarded({ requireToken: SECRET }, { tokenEnv: "PLUMB_TEST_TOKEN" });
  expect(await textsOf(await look(store, { repo }))).toEqual({ "a.yaml": "a: 1\n" });
});

test("user and password let in, and a token with a user name goes as the password", async () => {
  const requireBasic = { username: "robot", password: SECRET };
  const file = await fileWith(SECRET);
  for (const credentials of [
    { username: "robot", passwordFile: file },
    { username: "robot", tokenFile: file },
  ]) {
    const { repo, store } = await guarded({ requireBasic }, credentials);
    expect(await textsOf(await look(store, { repo }))).toEqual({ "a.yaml": "a: 1\n" });
  }
});

test("wrong credentials are denied, and no message, log line or cause holds the secret", async () => {
  const wrong = `wrong-${SECRET}`;
  const basic = Buffer.from(`robot:${wrong}`).toString("base64");
  const credentials = { username: "robot", passwordFile: await fileWith(wrong) };
  const { repo, store, recorded } = await guarded(
    { requireBasic: { username: "robot", password: "right" } },
    credentials,
  );
  const { problem } = await store.poll(repo.url);
  const error = await expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-GIT-DENIED");
  const said = [
    JSON.stringify(problem),
    recorded.text(),
    error.stack,
    String(error),
    JSON.stringify(error.cause),
  ].join();
  expect(said).not.toContain(wrong);
  expect(said).not.toContain(basic);
});

test("a missing file, an unset variable and a secret with a line break in it are named, not shown", async () => {
  const broken = await fileWith(`${SECRET}\nX-Other: header`);
  for (const credentials of [{ tokenFile: "/no/such/file" }, { tokenEnv: "PLUMB_TEST_UNSET" }, { tokenFile: broken }]) {
    const { repo, store, recorded, server } = await guarded({ requireToken: SECRET }, credentials);
    const error = await expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-CONFIG-UNREADABLE");
    expect(error.where).toBe(credentials.tokenFile ?? credentials.tokenEnv);
    expect(`${recorded.text()}${error.stack}`).not.toContain(SECRET);
    expect(server.requests.all).toEqual([]);
  }
});

test("the longest matching settings count, and a prefix ends at a slash", () => {
  const all = ["https://git.example/", "https://git.example/team/", "https://git.example/team/apps.git"].map((url) => ({
    url,
  }));
  const chosen = (url: string) => settingsFor(new URL(url), all)?.url;
  expect(chosen("https://git.example/team/apps.git")).toBe("https://git.example/team/apps.git");
  expect(chosen("https://git.example/team/other")).toBe("https://git.example/team/");
  expect(chosen("https://git.example/team-b/x")).toBe("https://git.example/");
  expect(chosen("https://git.example.evil/team/x")).toBeUndefined();
  expect(chosen("http://git.example/team/x")).toBeUndefined();
});

test("a certificate authority from the settings is trusted, for that repository only", async () => {
  const server = await gitServer({ tls: true });
  const repo = await server.createRepository("apps", { "a.yaml": "a: 1\n" });
  const { caFile = "" } = server;
  const trusting = await sourceStore({ repositories: [{ url: repo.url, caFile }] });
  expect(await textsOf(await look(trusting, { repo }))).toEqual({ "a.yaml": "a: 1\n" });
  const error = await expectCode((await sourceStore()).resolve({ repo: repo.url, ref: "main" }), "PL-GIT-UNREACHABLE");
  expect(error.message).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  expect(error.next).toContain("caFile");
});

test("a proxy from the environment is used, and NO_PROXY goes around it", async () => {
  for (const tls of [false, true]) {
    const server = await gitServer({ tls });
    const repo = await server.createRepository("apps", { "a.yaml": "a: 1\n" });
    const proxy = await startProxy();
    onTestFinished(() => proxy.stop());
    variable(tls ? "HTTPS_PROXY" : "HTTP_PROXY", proxy.origin);
    const repositories = server.caFile === undefined ? [] : [{ url: repo.url, caFile: server.caFile }];
    expect(await textsOf(await look(await sourceStore({ repositories }), { repo }))).toEqual({ "a.yaml": "a: 1\n" });
    expect(proxy.seen.length).toBeGreaterThan(0);
    const before = proxy.seen.length;
    variable("NO_PROXY", "127.0.0.1");
    await look(await sourceStore({ repositories }), { repo });
    expect(proxy.seen).toHaveLength(before);
    vi.unstubAllEnvs();
  }
});

test("a redirect to another origin is followed without the credentials; one to the same origin with them", async () => {
  const other = await gitServer();
  await other.createRepository("team/apps", { "a.yaml": "other: 1\n" });
  const { server, repo, store } = await guarded({ requireToken: SECRET }, { tokenFile: await fileWith(SECRET) });
  server.fault = { kind: "redirect", to: other.origin, status: 307 };
  expect(await textsOf(await look(store, { repo }))).toEqual({ "a.yaml": "other: 1\n" });
  expect(other.requests.all.map((one) => one.authorization).filter((one) => one !== undefined)).toEqual([]);
  expect(server.requests.all[0]?.authorization).toBe(`Bearer ${SECRET}`);
});

test("redirects in a circle end", async () => {
  const { server, repo, store } = await guarded({}, undefined);
  server.fault = { kind: "redirect", to: server.origin };
  expect((await errorOf(store.resolve({ repo: repo.url, ref: "main" }))).message).toContain("redirects");
  expect(server.requests.all.length).toBeLessThan(10);
});

test("URLs with credentials, other schemes and no URLs are refused, and the password is not repeated", async () => {
  const store = await sourceStore();
  for (const repo of [
    `https://robot:${SECRET}@git.example/apps`,
    `https://${SECRET}@git.example/apps`,
    `https://git.example/apps?token=${SECRET}`,
    "ssh://git@git.example/apps",
    "git@git.example:apps",
    "file:///srv/apps",
    "/srv/apps",
    "https://git.example/",
    "",
  ]) {
    const error = await expectCode(store.resolve({ repo, ref: "main" }), "PL-GIT-URL");
    expect(`${error.stack}${error.where}`).not.toContain(SECRET);
    expect((await store.poll(repo)).problem?.code).toBe("PL-GIT-URL");
  }
});

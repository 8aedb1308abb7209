import { expect, test } from "vitest";
import { createAuthenticator, hashToken, type TokenEntry } from "../../src/api/index.ts";
import { drifted, problem, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const TOKENS: TokenEntry[] = [
  { name: "reader", sha256: hashToken("reader"), role: "viewer" },
  { name: "ops", sha256: hashToken("ops"), role: "operator" },
  { name: "team", sha256: hashToken("team"), role: "operator", applications: ["team-a/*"] },
];

function startGuarded() {
  const authentication = createAuthenticator(() => TOKENS);
  return startApi({ authentication }, [status("team-a/web"), drifted("team-b/web"), drifted("team-a/api")]);
}

const A = "/api/v1/applications/team-a/web";
const B = "/api/v1/applications/team-b/web";

test.each([
  // address, nobody, unknown, reader, ops, team
  ["GET", "/livez", [200, 200, 200, 200, 200]],
  ["GET", "/readyz", [200, 200, 200, 200, 200]],
  ["GET", "/", [401, 401, 200, 200, 200]],
  ["GET", "/openapi.json", [401, 401, 200, 200, 200]],
  ["GET", "/metrics", [401, 401, 200, 200, 403]],
  ["GET", "/api/v1/applications", [401, 401, 200, 200, 200]],
  ["GET", "/api/v1/drift", [401, 401, 200, 200, 200]],
  ["GET", A, [401, 401, 200, 200, 200]],
  ["GET", B, [401, 401, 200, 200, 404]],
  ["GET", `${B}/resources`, [401, 401, 200, 200, 404]],
  ["GET", `${B}/diff`, [401, 401, 200, 200, 404]],
  ["GET", `${B}/plan`, [401, 401, 500, 500, 404]],
  ["GET", `${B}/plan?ref=feature`, [401, 401, 500, 500, 404]],
  ["GET", `${B}/manifests`, [401, 401, 500, 500, 404]],
  ["GET", `${B}/events`, [401, 401, 200, 200, 404]],
  ["POST", `${A}/approve`, [401, 401, 403, 400, 400]],
  ["POST", `${A}/sync`, [401, 401, 403, 202, 202]],
  ["POST", `${B}/sync`, [401, 401, 403, 202, 404]],
  ["GET", "/nowhere", [401, 401, 404, 404, 404]],
] as const)("%s %s asks for what it should", async (method, url, expected) => {
  const { api } = await startGuarded();
  const statuses: number[] = [];
  for (const token of [undefined, "unknown", "reader", "ops", "team"]) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    statuses.push((await api.inject({ method, url, headers })).statusCode);
  }
  expect(statuses).toEqual(expected);
});

test("a token that is limited to globs sees no others in lists, nor in their totals", async () => {
  const { api } = await startGuarded();
  const headers = { authorization: "Bearer team" };
  expect((await api.inject({ url: "/api/v1/applications", headers })).json()).toMatchObject({ total: 2 });
  expect((await api.inject({ url: "/api/v1/drift", headers })).json()).toMatchObject({ total: 1 });
  const other = await api.inject({ url: "/api/v1/drift?application=team-b/web", headers });
  expect(other.json()).toEqual({ items: [], total: 0 });
});

test("a sync that is not allowed is not asked for", async () => {
  const { api, control } = await startGuarded();
  await api.inject({ method: "POST", url: `${A}/sync`, headers: { authorization: "Bearer reader" } });
  await api.inject({ method: "POST", url: `${B}/sync`, headers: { authorization: "Bearer team" } });
  expect(control.asked).toEqual([]);
});

test("a refusal says how to do better, and does not repeat the token", async () => {
  const { api } = await startGuarded();
  const response = await api.inject({ url: A, headers: { authorization: "Bearer guessed-token" } });
  expect(response.headers["www-authenticate"]).toBe('Bearer realm="plumbline"');
  expect(response.json()).toMatchObject({ code: "PL-API-UNAUTHENTICATED", where: "Authorization" });
  expect(response.body).not.toContain("guessed-token");
});

test("with authentication any Host header will do", async () => {
  const { api } = await startGuarded();
  const headers = { host: "plumbline.example", authorization: "Bearer reader" };
  expect((await api.inject({ url: A, headers })).statusCode).toBe(200);
});

test("why the server is not ready is told in full only to those who may see the fleet", async () => {
  const { api, control } = await startGuarded();
  control.notReady(problem({ code: "PL-GIT-UNREACHABLE", message: "git.internal refuses" }));
  const told = async (token: string) =>
    (await api.inject({ url: "/readyz", headers: { authorization: `Bearer ${token}` } })).json();
  expect(await told("nobody")).toEqual({ ready: false, problems: [{ code: "PL-GIT-UNREACHABLE" }] });
  expect(await told("team")).toEqual(await told("nobody"));
  expect((await told("reader")).problems[0].message).toBe("git.internal refuses");
});

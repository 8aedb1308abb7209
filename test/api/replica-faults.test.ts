import type { IncomingHttpHeaders, RequestListener, ServerResponse } from "node:http";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import { AS_REPLICA, SECRET, standIn, TestFleet, two } from "./replica-fixture.ts";

const WEB = "/api/v1/applications/shop/web";

test.each<[string, RequestListener]>([
  ["no JSON", (_, answer) => answer.setHeader("content-type", "application/json").end("<html>")],
  [
    "JSON that is no page",
    (_, answer) => answer.end(JSON.stringify({ items: [{ namespace: "shop", name: "web" }], total: 1 })),
  ],
  ["without end", (_, answer) => pour(answer)],
  ["somewhere else", (_, answer) => answer.writeHead(302, { location: "http://127.0.0.1:1/" }).end()],
  [
    "after breaking off",
    (_, answer) => void answer.writeHead(200, { "content-length": "9" }).write("{", () => answer.destroy()),
  ],
])("a replica that answers %s counts as away", async (_, answer) => {
  const { fleet, one } = await two();
  await standIn(fleet, "other", answer);
  const { items } = (await one.ask("/api/v1/applications")).body;
  expect(items).toMatchObject([
    { name: "api" },
    { name: "web", sync: { status: "Unknown" }, problem: { code: "PL-REPLICA-AWAY" } },
  ]);
  expect((await one.ask("/api/v1/drift")).body).toMatchObject({
    items: [],
    incomplete: expect.stringContaining("other"),
  });
});

test("a replica that stands still is waited for only until the others know it, and its event streams end then", async () => {
  const { fleet, one } = await two();
  const asked: string[] = [];
  await standIn(fleet, "other", ({ url = "" }) => void asked.push(url));
  const paths = ["/plan", "/manifests", "/sync"];
  const answers = Promise.all(
    paths.map((path) => one.ask(`${WEB}${path}`, path === "/sync" ? { method: "POST" } : {})),
  );
  await expect.poll(() => asked.length).toBe(paths.length);
  fleet.divide(() => fleet.alive.delete("other"));
  for (const { status: code, body } of await answers) expect([code, body.code]).toEqual([503, "PL-REPLICA-AWAY"]);
});

test("who asks is judged where he asks and where it is answered, and the replicas' secret gives nobody a right", async () => {
  const fleet = new TestFleet();
  const tokens = [
    { name: "ada", role: "operator" as const, sha256: hashToken("ada") },
    { name: "eve", role: "operator" as const, sha256: hashToken("eve"), applications: ["other/*"] },
    { name: "vic", role: "viewer" as const, sha256: hashToken("vic") },
  ];
  const authentication = createAuthenticator(() => tokens);
  const strict = createAuthenticator(() => tokens.filter(({ name }) => name !== "ada"));
  const one = await fleet.start("one", ["shop/api"], { authentication });
  const other = await fleet.start("other", ["shop/web"], { authentication: strict });
  const as = (token: string, headers = {}) => ({
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const codes = [];
  for (const headers of [{}, AS_REPLICA, { "plumbline-replica": "guessed" }])
    for (const token of ["eve", "vic", "nobody", "ada"])
      codes.push((await one.ask(`${WEB}/sync`, as(token, headers))).status);
  // `other` knows no ada; a request that comes from a replica is not sent on.
  expect(codes).toEqual([404, 403, 401, 401, 404, 403, 401, 503, 404, 403, 401, 401]);
  expect((await one.ask("/api/v1/applications", { headers: AS_REPLICA })).status).toBe(401);
  expect(other.control.asked).toEqual([]);
  const seen = await one.ask("/api/v1/applications", { headers: { authorization: "Bearer eve" } });
  expect(seen.body).toEqual({ items: [], total: 0 });
});

test("the secret and the callers' tokens go to nobody but replicas, and into no log and no answer", async () => {
  const fleet = new TestFleet();
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line) => void lines.push(line) });
  const one = await fleet.start("one", ["shop/api"], { log });
  const heard: IncomingHttpHeaders[] = [];
  await standIn(fleet, "other", ({ headers }, answer) => {
    heard.push(headers);
    answer.setHeader("x-echo", String(headers["plumbline-replica"])).writeHead(500).end("[]");
  });
  fleet.divide(() => fleet.owners.set("shop/web", "other"));
  const headers = { authorization: "Bearer a-token", cookie: "a-cookie" };
  const answers = [];
  for (const path of [WEB, "/api/v1/applications", `${WEB}/plan`]) answers.push(await one.ask(path, { headers }));
  expect(heard.length).toBe(3);
  expect(heard.every((one) => one["plumbline-replica"] === SECRET && one.cookie === undefined)).toBe(true);
  const told = JSON.stringify([lines, answers.map((one) => [one.body, [...one.headers]])]);
  expect(lines.length).toBeGreaterThan(0);
  expect(told).not.toContain(SECRET);
  expect(told).not.toContain("a-token");
});

function pour(answer: ServerResponse): void {
  const chunk = Buffer.alloc(1_048_576, " ");
  const more = () => answer.writable && answer.write(chunk, more);
  more();
}

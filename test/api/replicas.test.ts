import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import { drifted, pass, status } from "../report/statuses.ts";
import { AS_REPLICA, SECRET, TestFleet } from "./replica-fixture.ts";

const WEB = "/api/v1/applications/shop/web";
const JSON_BODY = { "content-type": "application/json" };
const HASH = "a".repeat(64);

/** Whatever is asked about one application, with what shows that its own replica was asked. */
const OF_ONE: {
  readonly [operation: string]: { readonly body?: object; readonly query?: string; readonly status: number };
} = {
  "GET ": { status: 200 },
  "GET /resources": { status: 200 },
  "GET /diff": { status: 200 },
  "GET /plan": { status: 500 },
  "GET /manifests": { status: 500 },
  "GET /events": { status: 200 },
  "GET /history": { status: 200 },
  "POST /sync": { status: 202 },
  "POST /approve": { body: { plan: HASH }, status: 202 },
  "POST /rollback": { body: { reason: "why" }, status: 202 },
  "POST /suspend": { body: { reason: "why" }, status: 202 },
  "POST /unpin": { status: 202 },
  "POST /resume": { status: 202 },
  "DELETE ": { query: "?deletion=orphan", status: 202 },
};

/** Everything else, and why it need not be asked of the replica that works on an application. */
const OF_ALL: {
  readonly [operation: string]: "all others are asked" | "all are told" | "each replica knows" | "this replica's own";
} = {
  "GET /api/v1/applications": "all others are asked",
  "GET /api/v1/drift": "all others are asked",
  "GET /api/v1/clusters": "this replica's own",
  "GET /api/v1/fleets": "each replica knows",
  "GET /api/v1/projects": "each replica knows",
  "POST /hooks/github": "all are told",
  "POST /hooks/generic": "all are told",
  "GET /": "each replica knows",
  "GET /livez": "this replica's own",
  "GET /readyz": "this replica's own",
  "GET /metrics": "this replica's own",
  "GET /openapi.json": "each replica knows",
};

async function two() {
  const fleet = new TestFleet();
  const one = await fleet.start("one", ["shop/api"]);
  const other = await fleet.start("other", ["shop/web"]);
  return { fleet, one, other };
}

/** Something in place of a replica. */
async function standIn(fleet: TestFleet, id: string, answer: RequestListener): Promise<void> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  fleet.divide(() => fleet.alive.set(id, { id, url: `http://127.0.0.1:${port}` }));
}

test("every route is about one application, and asked of its replica here, or says why it need not be", async () => {
  const { one } = await two();
  const { paths } = JSON.parse((await one.api.inject("/openapi.json")).body) as { paths: Record<string, object> };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const prefix = "/api/v1/applications/{namespace}/{name}";
  const ofOne = Object.keys(OF_ONE).map((operation) => operation.replace(" ", ` ${prefix}`));
  expect(all.toSorted()).toEqual([...ofOne, ...Object.keys(OF_ALL)].toSorted());
});

test("whatever is asked about an application is answered by the replica that works on it", async () => {
  const { one, other } = await two();
  const asked = () => [...other.control.asked, ...other.control.said, ...other.control.removed].length;
  for (const [operation, { body, query = "", status: expected }] of Object.entries(OF_ONE)) {
    const [method = "", part = ""] = operation.split(" ");
    const init = { method, ...(body === undefined ? {} : { headers: JSON_BODY, body: JSON.stringify(body) }) };
    const direct = await other.ask(`${WEB}${part}${query}`, init);
    const before = asked();
    const answer = await one.ask(`${WEB}${part}${query}`, init);
    expect([operation, answer.status]).toEqual([operation, expected]);
    expect(Object.keys(answer.body)).toEqual(Object.keys(direct.body));
    expect([operation, asked() - before]).toEqual([operation, method === "GET" ? 0 : 1]);
  }
  expect([...one.control.asked, ...one.control.said, ...one.control.removed]).toEqual([]);
});

test("the list has the applications of all in one order, page by page, and the fleet's drift is in one list, too", async () => {
  const fleet = new TestFleet();
  const one = await fleet.start("one", ["a/1", "a/4", "b/2"]);
  const other = await fleet.start("other", ["a/2", "a/3", "b/1"]);
  one.report.put(drifted("a/4"));
  other.report.put(drifted("a/3"));
  const pages: string[][] = [];
  for (const path of ["/api/v1/applications", "/api/v1/drift"]) {
    let next: string | undefined;
    do {
      const { body } = await one.ask(`${path}?limit=2${next === undefined ? "" : `&continue=${next}`}`);
      pages.push(
        body.items.map((item: Record<string, string>) => item["application"] ?? `${item["namespace"]}/${item["name"]}`),
      );
      expect(body.total).toBe(path.endsWith("drift") ? 2 : 6);
      next = body.next;
    } while (next !== undefined);
  }
  expect(pages).toEqual([
    ["a/1", "a/2"],
    ["a/3", "a/4"],
    ["b/1", "b/2"],
    ["a/3", "a/4"],
  ]);
  expect((await other.ask("/api/v1/applications?sync=Drifted&namespace=a")).body.total).toBe(2);
});

test("what one does not answer any more is told as it was last, with its age, by all who can", async () => {
  const { fleet, one, other } = await two();
  other.report.put(status("shop/new"));
  fleet.divide(() => fleet.owners.set("shop/new", "other"));
  for (const path of [`${WEB}/resources`, "/api/v1/applications"]) await one.ask(path);
  await other.api.close();
  const list = (await one.ask("/api/v1/applications")).body;
  expect(list.items).toMatchObject([
    { name: "api" },
    { name: "new", asOf: expect.any(String) },
    { name: "web", asOf: expect.any(String), sync: { status: "Synced" } },
  ]);
  for (const path of [`${WEB}/resources`, WEB]) {
    const { status: code, headers, body } = await one.ask(path);
    expect([code, body.asOf]).toEqual([200, headers.get("plumbline-as-of")]);
  }
  expect(await one.ask(`${WEB}/diff`)).toMatchObject({
    status: 503,
    body: { code: "PL-REPLICA-AWAY", next: expect.stringContaining("ask again") },
  });
  expect(await one.ask(`${WEB}/sync`, { method: "POST" })).toMatchObject({
    status: 503,
    body: { code: "PL-REPLICA-AWAY" },
  });
  expect((await one.ask("/api/v1/drift")).body.incomplete).toContain("replica other");
  expect((await one.ask(`${WEB}/history`)).body.incomplete).toContain("replica other");
});

test("an application that nobody works on for a moment is not gone, and nothing is promised for it", async () => {
  const { fleet, one, other } = await two();
  // `other` has let go of it, and `one` has not begun.
  fleet.divide(() => fleet.owners.set("shop/web", "one"));
  other.report.remove("shop/web");
  for (const asked of [one, other]) {
    const { body } = await asked.ask("/api/v1/applications");
    expect(body.items).toMatchObject([
      { name: "api" },
      { name: "web", sync: { status: "Unknown" }, problem: { code: "PL-REPLICA-MOVING" } },
    ]);
    const refused = await asked.ask(`${WEB}/sync`, { method: "POST" });
    expect(refused).toMatchObject({ status: 503, body: { code: "PL-REPLICA-MOVING" } });
    expect(refused.headers.get("retry-after")).toBe("3");
    expect((await asked.ask(WEB)).status).toBe(503);
  }
  expect([...one.control.asked, ...other.control.asked]).toEqual([]);
  one.report.put(status("shop/web"));
  expect((await other.ask(WEB)).body).toMatchObject({ name: "web" });
});

test("what happened is told by all who know a part of it, the newest first", async () => {
  const { one, other } = await two();
  const sync = (id: number, at: string) => {
    const ended = pass(id, { finishedAt: at });
    return status("shop/web", { lastPass: ended, lastSync: ended });
  };
  one.history.note(sync(7, "2026-01-01T00:00:01.000Z"));
  other.history.note(sync(1, "2026-01-01T00:00:02.000Z"));
  one.report.event({ application: "shop/web", type: "Normal", reason: "Before", message: "the move" });
  const history = (await one.ask(`${WEB}/history`)).body;
  expect(history.items.map(({ id }: { id: number }) => id)).toEqual([1, 7]);
  const reasons = [];
  for (let next = ""; ; ) {
    const { items, ...page } = (await one.ask(`${WEB}/events?limit=1${next}`)).body;
    reasons.push(...items.map(({ reason }: { reason: string }) => reason));
    if (page.next === undefined) break;
    next = `&continue=${page.next}`;
  }
  const own = (await other.api.inject({ url: `${WEB}/events`, headers: AS_REPLICA })).json();
  expect(reasons).toHaveLength(own.total + 1);
  expect(reasons).toContain("Before");
});

test("a stream of events goes on at the next replica, and one that cannot be had is worth coming back for", async () => {
  const { fleet, one, other } = await two();
  const open = async () => await fetch(`${one.url}${WEB}/events`, { headers: { accept: "text/event-stream" } });
  const reading = await open();
  fleet.divide(() => fleet.owners.set("shop/web", "one"));
  other.report.event({ application: "shop/web", type: "Normal", reason: "Told", message: "the last that it tells" });
  other.report.remove("shop/web");
  expect(await reading.text()).toContain("the last that it tells");
  expect(await (await open()).text()).toMatch(/^: no replica works on shop\/web .*\nretry: \d+\n\n$/);
});

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

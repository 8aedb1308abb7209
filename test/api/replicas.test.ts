import { expect, test } from "vitest";
import { QUESTIONS_PATH } from "../../src/api/index.ts";
import { drifted, pass, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";
import { AS_REPLICA, standIn, TestFleet, two } from "./replica-fixture.ts";

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
  readonly [operation: string]: "all others are asked" | "once for all" | "each replica knows" | "this replica's own";
} = {
  "GET /api/v1/applications": "all others are asked",
  "GET /api/v1/drift": "all others are asked",
  "GET /api/v1/replicas": "all others are asked",
  "GET /api/v1/clusters": "all others are asked",
  "GET /api/v1/fleets": "each replica knows",
  "GET /api/v1/projects": "each replica knows",
  "POST /hooks/github": "once for all",
  "POST /hooks/generic": "once for all",
  "GET /": "each replica knows",
  "GET /livez": "this replica's own",
  "GET /readyz": "this replica's own",
  "GET /metrics": "this replica's own",
  "GET /openapi.json": "each replica knows",
};

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

test("a replica of which the others do not hear is not ready, and says why and what to do; all tell who they are", async () => {
  const { fleet, one, other } = await two();
  expect((await one.ask("/readyz")).status).toBe(200);
  const problem = { code: "PL-KUBE-UNREACHABLE", message: "no answer", next: "look at it", retry: "soon" } as const;
  fleet.standings.set("one", { problem });
  // Not yet: its tenure goes on for a while.
  expect(await one.ask("/readyz")).toMatchObject({ status: 200, body: { problems: [{ code: problem.code }] } });
  fleet.standings.set("one", { isHeard: false, since: Date.parse("2026-01-01T00:00:00Z"), problem });
  const { status: code, body } = await one.ask("/readyz");
  expect([code, body.problems.map((found: { code: string }) => found.code)]).toEqual([
    503,
    ["PL-REPLICA-UNHEARD", problem.code],
  ]);
  expect(body.problems[0]).toMatchObject({
    message: expect.stringContaining("2026-01-01T00:00:00"),
    next: expect.stringContaining("--replicas"),
  });
  await standIn(fleet, "third", (_, answer) => answer.writeHead(500).end());
  const { items } = (await other.ask("/api/v1/replicas")).body;
  expect(items).toMatchObject([
    { id: "one", state: "Unheard", applications: 1 },
    { id: "other", state: "Working", version: "0.0.0-test" },
    { id: "third", state: "Away" },
  ]);
  expect(fleet.counted).toEqual(["other answered", "other away"]);
  const alone = await (await startApi()).api.inject("/api/v1/replicas");
  expect(alone.json()).toEqual({ items: [], total: 0 });
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

test("a cluster is told as whoever is connected to it finds it", async () => {
  const { fleet, one, other } = await two();
  const cluster = { declaredBy: "file", applications: 2, warnings: [] };
  one.control.declaredClusters.push({ ...cluster, name: "eu", state: "Idle", watches: 0 });
  other.control.declaredClusters.push({ ...cluster, name: "eu", state: "Away", watches: 3, version: "v1.36.3" });
  const told = { items: [{ name: "eu", state: "Away", watches: 3, applications: 2, version: "v1.36.3" }] };
  for (const { ask } of [one, other]) expect((await ask("/api/v1/clusters")).body).toMatchObject(told);
  await standIn(fleet, "other", (_, answer) => answer.writeHead(500).end());
  expect((await one.ask("/api/v1/clusters")).body).toMatchObject({
    items: [{ state: "Idle" }],
    incomplete: expect.stringContaining("other"),
  });
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
  fleet.counted.length = 0;
  for (const path of [`${WEB}/resources`, WEB]) {
    const { status: code, headers, body } = await one.ask(path);
    expect([code, body.asOf]).toEqual([200, headers.get("plumbline-as-of")]);
  }
  expect(fleet.counted).toEqual(["one away", "one remembered", "one away", "one remembered"]);
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

test("replicas ask one another what nobody else may, and are answered in full", async () => {
  const held = [{ key: "v1/ConfigMap/a", guard: "moving" as const, why: "it moves" }];
  const neighbour = {
    lack: async () => "Progressing",
    heldBack: async () => held,
    letGo: async () => ["v1/ConfigMap/a"],
  };
  const fleet = new TestFleet({ neighbour });
  const { ask } = await fleet.start("one", ["shop/web"]);
  const question = async (body: object, headers = {}) =>
    await ask(QUESTIONS_PATH, { method: "POST", headers: { ...JSON_BODY, ...headers }, body: JSON.stringify(body) });
  const place = { cluster: "home", keys: [], owners: [] };
  const answers = [];
  for (const body of [
    { ask: "lack", name: "shop/web" },
    { ask: "heldBack", names: [], ...place },
    { ask: "letGo", name: "shop/web", ...place },
    { ask: "refs", repo: "https://git.example/a.git", prefixes: [] },
  ]) {
    expect((await question(body)).status).toBe(401);
    answers.push((await question(body, AS_REPLICA)).body);
  }
  expect(answers).toEqual(["Progressing", held, ["v1/ConfigMap/a"], expect.anything()].map((answer) => ({ answer })));
  expect((await question({ ask: "secrets" }, AS_REPLICA)).status).toBe(400);
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
  await one.ask(`${WEB}/rollback`, { method: "POST", headers: JSON_BODY, body: JSON.stringify({ reason: "why" }) });
  expect(other.control.said).toMatchObject([
    ["rollback", "shop/web", { elsewhere: { records: [{ id: 7 }], away: [] } }],
  ]);
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

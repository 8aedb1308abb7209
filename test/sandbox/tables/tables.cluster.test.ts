import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Json, JsonObject } from "../../../src/model/index.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { describeCluster } from "../../controlplane/index.ts";
import {
  type Answered,
  bothServers,
  collectionOf,
  objectOf,
  objectsIn,
  type Question,
  type Server,
} from "../kinds/servers.ts";

const KINDS = join(import.meta.dirname, "../kinds/fixtures");
const FILES = readdirSync(KINDS).map((file) => join(KINDS, file));
const FIXTURES = join(import.meta.dirname, "fixtures");
const TABLE = "application/json;as=Table;g=meta.k8s.io;v=v1";

/** Where a Table of the sandbox may differ from the real server's, and why. */
const EXCEPTIONS = [
  {
    column: /^(Age|Last Seen|First Seen|Last Schedule|Created At|Restarts|When)$/,
    reason: "time goes on between two answers",
  },
  { column: /^(Cluster-IP|Port\(s\))$/, reason: "each server gives out addresses and ports of its own" },
  { column: /^Selector$/, reason: "a Job's selector is made of its uid" },
] as const;

/** Their last column is what a controller inside the API server finds out (is the server there, is the level), which the sandbox has not. */
const UNSEEN = new Set(["APIService", "FlowSchema"]);

describeCluster("Tables of built-in kinds", () => {
  let servers: readonly [Server, Server];
  let namespace: string;

  beforeAll(async () => {
    ({ servers, namespace } = await bothServers("tables"));
  });

  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  test("have the columns and cells of the real server", async () => {
    const objects = [...FILES.flatMap(read)].sort((one, other) => Number(isLimit(one)) - Number(isLimit(other)));
    for (const body of objects) await ask({ method: "POST", path: collectionOf(body, namespace), body }, 201);
    for (const { status, ...object } of read(join(FIXTURES, "statuses.yaml"))) {
      const type = "application/merge-patch+json";
      await ask({ method: "PATCH", path: `${pathOf(object)}/status`, body: { status: status ?? null }, type }, 200);
    }
    for (const object of objects.filter(({ kind }) => !UNSEEN.has(String(kind)))) await sameTable(pathOf(object));
  });

  test("have the columns of the real server for every kind that is served, and no rows where nothing is", async () => {
    for (const { group, version, plural, namespaced } of createCatalogue().all()) {
      const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
      const path = `${root}/${namespaced ? "namespaces/nowhere/" : ""}${plural}`;
      const answers = await ask({ method: "GET", path, accept: TABLE }, 200);
      const [theirs, ours] = answers.map(({ body }) => ({
        columns: listOf(body["columnDefinitions"]).map((one) => ({ ...objectOf(one), description: "" })),
        rows: namespaced ? (body["rows"] ?? null) : [],
      }));
      expect(ours, path).toEqual(theirs);
    }
  });

  test("of custom resources are their definition's", async () => {
    const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const [body = {}] = read(join(FIXTURES, "definition.yaml"));
    await ask({ method: "POST", path: definitions, body }, 201);
    const path = `/apis/${namespace}.example.org/v1/namespaces/${namespace}/things`;
    await expect.poll(() => codes({ method: "GET", path }), { timeout: 30_000 }).toEqual([200, 200]);
    for (const thing of read(join(FIXTURES, "custom.yaml"))) await ask({ method: "POST", path, body: thing }, 201);
    await sameTable(path, ({ name, description = null }) => (name === "Name" ? {} : { description }));
  });

  async function sameTable(path: string, more: (column: JsonObject) => JsonObject = () => ({})): Promise<void> {
    const [theirs, ours] = (await ask({ method: "GET", path, accept: TABLE }, 200)).map((answer) =>
      shown(answer, more),
    );
    expect(ours, path).toEqual(theirs);
  }

  async function codes(question: Question): Promise<number[]> {
    return (await Promise.all(servers.map((server) => server.ask(question)))).map(({ code }) => code);
  }

  function read(file: string): JsonObject[] {
    const text = readFileSync(file, "utf8").replaceAll("$ns", namespace);
    // Other tests try these names, ports and addresses on the same server.
    const own = text.replace(/\bkinds(?=[-.])/g, namespace).replace(/\b31(?=23[45]\b)/g, "32");
    return objectsIn(own.replace(/\b10\.0\.(?:77|99)\./g, "10.0.78."));
  }

  function pathOf(object: JsonObject): string {
    return `${collectionOf(object, namespace)}/${objectOf(object["metadata"])["name"]}`;
  }

  async function ask(question: Question, code: number): Promise<Answered[]> {
    const answers = await Promise.all(servers.map((server) => server.ask(question)));
    for (const answer of answers) expect(answer.code, `${question.path}: ${JSON.stringify(answer.body)}`).toBe(code);
    return answers;
  }
});

/** Limits hold for what is created after them. */
function isLimit({ kind }: JsonObject): boolean {
  return kind === "LimitRange" || kind === "ResourceQuota";
}

/** Columns, and the cells under them in each row. Descriptions are left out: for built-in kinds they are the server's documentation. */
function shown({ body }: Answered, more: (column: JsonObject) => JsonObject): Json {
  const rows = listOf(body["rows"]).map((row) => listOf(objectOf(row)["cells"]));
  return listOf(body["columnDefinitions"])
    .map(objectOf)
    .map((column, index) => {
      const { description: _, ...definition } = column;
      const excused = EXCEPTIONS.some((exception) => exception.column.test(String(column["name"])));
      const cells = rows.map((row) => (excused ? form(row[index] ?? null) : (row[index] ?? null)));
      return { ...definition, ...more(column), cells };
    });
}

/** What varies becomes 0, so that "3m12s" and "0s" are alike, as are two addresses. */
function form(cell: Json): Json {
  if (typeof cell !== "string") return cell;
  return cell
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, "UID")
    .replace(/\d+/g, "0")
    .replace(/(0[smhdy])+/g, "0s");
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

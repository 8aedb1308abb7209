import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/index.ts";
import { describeCluster } from "../../controlplane/index.ts";
import { steady, withoutDumps } from "./compared.ts";
import {
  type Answered,
  bothServers,
  collectionOf,
  objectOf,
  objectsIn,
  type Question,
  type Server,
} from "./servers.ts";

describeCluster("what kube-apiserver refuses of its own kinds", () => {
  const net = String(randomInt(100, 230));
  let servers: readonly [Server, Server];
  let namespace: string;

  beforeAll(async () => {
    ({ servers, namespace } = await bothServers("refused"));
  });

  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  test("is refused by the sandbox when it is created, in the same words", async () => {
    for (const object of read("objects.yaml")) {
      await same({ method: "POST", path: `${collectionOf(object, namespace)}?dryRun=All`, body: object });
    }
  });

  test("is refused by the sandbox when it is changed, in the same words", async () => {
    for (const { was, now } of read("updates.yaml")) {
      const path = await created(was);
      const type = "application/merge-patch+json";
      await same({ method: "PATCH", path: `${path}?dryRun=All`, body: objectOf(now), type });
    }
  });

  test("is refused by the sandbox when another has it, in the same words", async () => {
    for (const { was, other } of read("clashes.yaml")) {
      await created(was);
      await same({ method: "POST", path: collectionOf(objectOf(other), namespace), body: objectOf(other) });
    }
  });

  function read(file: string): JsonObject[] {
    const text = readFileSync(join(import.meta.dirname, "refused", file), "utf8");
    return objectsIn(text.replaceAll("$ns", namespace).replaceAll("$net", net));
  }

  async function created(object: unknown): Promise<string> {
    const body = objectOf(object);
    const path = collectionOf(body, namespace);
    const answers = await both({ method: "POST", path, body });
    expect(
      answers.map(({ code }) => code),
      path,
    ).toEqual([201, 201]);
    return `${path}/${objectOf(body["metadata"])["name"]}`;
  }

  function both(question: Question): Promise<[Answered, Answered]> {
    return Promise.all([servers[0].ask(question), servers[1].ask(question)]);
  }

  async function same(question: Question): Promise<void> {
    const [theirs, ours] = (await both(question)).map(({ body }) => withoutDumps(steady(body)));
    expect(theirs?.["code"]).toBe(422);
    expect(ours).toEqual(theirs);
  }
});

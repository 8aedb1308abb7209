import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCluster } from "../../controlplane/index.ts";
import { differences, steady } from "./compared.ts";
import { bothServers, collectionOf, objectOf, objectsIn, type Server } from "./servers.ts";

/** Each server gives out addresses and ports of its own. */
const GIVEN_OUT = /^\/body\/spec\/(clusterIPs?(\/0)?: "10\.|ports\/\d+\/nodePort: \d+, here \d+)/;

describeCluster("a change that kube-apiserver accepts", () => {
  let servers: readonly [Server, Server];
  let namespace: string;

  beforeAll(async () => {
    ({ servers, namespace } = await bothServers("changed"));
  });

  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
  });

  test("leads to the same object in the sandbox", async () => {
    const text = readFileSync(join(import.meta.dirname, "accepted.yaml"), "utf8").replaceAll("$ns", namespace);
    for (const { was, now } of objectsIn(text)) {
      const [object, body] = [objectOf(was), objectOf(now)];
      const collection = collectionOf(object, namespace);
      const path = `${collection}/${objectOf(object["metadata"])["name"]}`;
      const [theirs, ours] = await Promise.all(
        servers.map(async (server) => {
          await server.ask({ method: "POST", path: collection, body: object });
          const answer = await server.ask({ method: "PATCH", path, body, type: "application/merge-patch+json" });
          return { code: answer.code, body: steady(answer.body) };
        }),
      );
      expect(theirs?.code, path).toBe(200);
      expect(
        differences(theirs, ours).filter((one) => !GIVEN_OUT.test(one)),
        path,
      ).toEqual([]);
    }
  });
});

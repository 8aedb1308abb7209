import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../../../src/model/index.ts";
import { describeCluster } from "../../controlplane/index.ts";
import { differences, steady } from "./compared.ts";
import { EXCEPTIONS, type Exception, excuseFor } from "./exceptions.ts";
import { bothServers, collectionOf, objectsIn, type Server } from "./servers.ts";

const EXAMPLES = join(import.meta.dirname, "../../../manifests/examples");
const FOLDERS = [join(import.meta.dirname, "fixtures"), join(EXAMPLES, "blog"), join(EXAMPLES, "shop")];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => join(folder, file)),
);
/** Custom resources: their definition is only tried, not made. */
const UNSERVED = new Set(["Discount"]);

describeCluster("an object of a built-in kind, created by dry run", () => {
  let real: Server;
  let sandbox: Server;
  let namespace: string;
  const needed = new Set<Exception>();

  beforeAll(async () => {
    ({
      servers: [real, sandbox],
      namespace,
    } = await bothServers("kinds"));
  });

  afterAll(async () => {
    await real[Symbol.asyncDispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  test.each(FILES.map((file) => ({ file, short: `${basename(dirname(file))}/${basename(file)}` })))(
    "is answered as by the real server: $short",
    async ({ file }) => {
      const objects = objectsIn(readFileSync(file, "utf8").replaceAll("$ns", namespace));
      const found = await Promise.all(objects.filter(({ kind }) => !UNSERVED.has(String(kind))).map(unexcused));
      expect(found.flat()).toEqual([]);
    },
  );

  test("needs every exception that is listed", () => {
    expect(EXCEPTIONS.filter((exception) => !needed.has(exception))).toEqual([]);
  });

  async function unexcused({ metadata, ...object }: JsonObject): Promise<string[]> {
    const { namespace: _, ...rest } = metadata as JsonObject;
    const name = `${object["kind"]}/${rest["name"]}`;
    const path = `${collectionOf(object, namespace)}?dryRun=All`;
    const question = { method: "POST", path, body: { ...object, metadata: rest } } as const;
    const [theirs, ours] = await Promise.all([real.ask(question), sandbox.ask(question)]);
    expect(theirs.code, `${name}: ${theirs.body["message"]}`).toBe(201);
    const found = differences(
      { code: theirs.code, body: steady(theirs.body) },
      { code: ours.code, body: steady(ours.body) },
    );
    return found.flatMap((difference) => {
      const excuse = excuseFor(name, difference);
      if (excuse !== undefined) needed.add(excuse);
      return excuse === undefined ? [`${name}${difference}`] : [];
    });
  }
});

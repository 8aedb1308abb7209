import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { Agent, request } from "undici";
import { parseJson } from "../../../src/kit/parse-json.ts";
import { isJsonObject, type JsonObject, parseApiVersion } from "../../../src/model/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { createCatalogue } from "../../../src/sandbox/kubernetes/catalogue/index.ts";
import { type ControlPlaneClient, sharedControlPlane } from "../../controlplane/index.ts";

export interface Question {
  readonly method: "GET" | "PATCH" | "POST" | "PUT";
  readonly path: string;
  readonly body?: JsonObject;
  readonly accept?: string;
  readonly type?: string;
}

export interface Answered {
  readonly code: number;
  readonly body: JsonObject;
}

export interface Server extends AsyncDisposable {
  ask(question: Question): Promise<Answered>;
}

/** The real one. */
function realServer(plane: Pick<ControlPlaneClient, "server" | "caFile" | "token">): Server {
  return serverAt(plane.server, { ca: readFileSync(plane.caFile), token: plane.token });
}

/** The one in memory, without controllers: as the shared control plane. */
async function sandboxServer(): Promise<Server> {
  const sandbox = await startSandbox({ controllers: false });
  const { ask, [Symbol.asyncDispose]: close } = serverAt(sandbox.url, {});
  return {
    ask,
    [Symbol.asyncDispose]: async () => {
      await close();
      await sandbox.stop();
    },
  };
}

/** The shared control plane and a sandbox, with a namespace that both have. Whoever asks for them disposes of both. */
export async function bothServers(prefix: string): Promise<{ servers: readonly [Server, Server]; namespace: string }> {
  const plane = sharedControlPlane();
  const namespace = await plane.createNamespace(prefix);
  const sandbox = await sandboxServer();
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await sandbox.ask({ method: "POST", path: "/api/v1/namespaces", body });
  return { servers: [realServer(plane), sandbox], namespace };
}

function serverAt(url: string, { ca, token }: { readonly ca?: Buffer; readonly token?: string }): Server {
  const dispatcher = new Agent({ connections: 4, ...(ca === undefined ? {} : { connect: { ca } }) });
  return {
    ask: async ({ method, path, body, accept = "application/json", type = "application/json" }) => {
      const headers = {
        accept,
        "content-type": type,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await request(new URL(path, url), { method, headers, dispatcher, ...sent });
      const parsed = parseJson(await answer.body.text());
      if (!isJsonObject(parsed)) throw new Error(`${method} ${path}: no JSON object`);
      return { code: answer.statusCode, body: parsed };
    },
    [Symbol.asyncDispose]: () => dispatcher.close(),
  };
}

/** Objects of one YAML file, one a document. */
export function objectsIn(text: string): JsonObject[] {
  return text
    .split(/^---$/m)
    .map((part) => load(part))
    .filter(isJsonObject);
}

/** What is no object counts as one without fields. */
export function objectOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

const catalogue = createCatalogue();

/** Where objects of its kind are: `/apis/apps/v1/namespaces/<namespace>/deployments`. */
export function collectionOf(object: JsonObject, namespace: string): string {
  const apiVersion = String(object["apiVersion"]);
  const found = catalogue.byKind({ ...parseApiVersion(apiVersion), kind: String(object["kind"]) });
  if (found === undefined) throw new Error(`no resource for ${apiVersion} ${object["kind"]}`);
  const root = found.group === "" ? `/api/${found.version}` : `/apis/${apiVersion}`;
  return `${root}${found.namespaced ? `/namespaces/${namespace}` : ""}/${found.plural}`;
}

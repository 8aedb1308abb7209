import jsonPatch from "fast-json-patch";
import { type Cluster, createCluster } from "../../../src/cluster/index.ts";
import { objectPath, queryOf } from "../../../src/cluster/object-path.ts";
import { normaliseDesired } from "../../../src/diff/index.ts";
import { parsePointer, valueAt } from "../../../src/kit/json-pointer.ts";
import { FIELD_MANAGER, type Json, type KubeObject, type LiveObject, refOf, SILENT } from "../../../src/model/index.ts";
import type { TrueChange } from "../../conformance/index.ts";
import type { ControlPlaneClient } from "../../controlplane/index.ts";
import { until } from "../../e2e/until.ts";
import { type Client, clientOf } from "../../sandbox/contract/send.ts";
import { WIDGET_DEFINITION } from "./definition.ts";
import { type FactScenario, GONE, NS, type StepSpec, WIDGETS } from "./scenario.ts";

/** Plays scenarios to the real server and notes what it does, in the form of the conformance folder's server-side apply. */
export class Recorder implements AsyncDisposable {
  readonly #client: Client;
  readonly #cluster: Cluster;
  readonly #namespace: string;

  private constructor(client: Client, cluster: Cluster, namespace: string) {
    this.#client = client;
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  static async open(controlPlane: ControlPlaneClient): Promise<Recorder> {
    const { server: url, token, caFile, kubeconfigPath } = controlPlane;
    const target = {
      url,
      token,
      caFile,
      kubeconfigPath,
      forget: async () => {},
      [Symbol.asyncDispose]: async () => {},
    };
    const cluster = await createCluster({ kubeconfig: kubeconfigPath, log: SILENT });
    await cluster.apply(WIDGET_DEFINITION);
    await until("the definition is served", () => cluster.resource({ group: WIDGETS, version: "v1", kind: "Widget" }));
    return new Recorder(clientOf(target), cluster, await controlPlane.createNamespace("facts"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.close();
    await this.#cluster.close();
  }

  /** The definition's schemas, as the server publishes them. */
  async schemas(): Promise<unknown> {
    const path = `/openapi/v3/apis/${WIDGETS}/v1`;
    return await until("the definition's schema is published", async () => {
      const document = await this.#ask("GET", path);
      return JSON.stringify(document ?? {}).includes('"kind":"Widget"') && document;
    });
  }

  async record({ steps, desired, fact, name }: FactScenario): Promise<object> {
    const first = steps[0];
    if (first === undefined || !("object" in first)) throw new Error(`${name} makes no object`);
    const path = await this.#pathOf(this.#placed(first.object));
    const noted: object[] = [];
    for (const step of steps) noted.push(await this.#play(step, path));
    const last = steps.findLast((step) => step.op === "apply" && step.manager === FIELD_MANAGER);
    const asked = desired ?? (last !== undefined && "object" in last ? last.object : first.object);
    const final = await this.#final(this.#placed(asked));
    // The namespace is of this recording only.
    return JSON.parse(JSON.stringify({ name, fact, steps: noted, final }).replaceAll(this.#namespace, "facts"));
  }

  #placed(object: KubeObject): KubeObject {
    const placed: KubeObject = JSON.parse(JSON.stringify(object).replaceAll(NS, this.#namespace));
    return normaliseDesired(placed).object;
  }

  async #pathOf(object: KubeObject): Promise<string> {
    const ref = refOf(object);
    return objectPath(await this.#cluster.resource(ref), ref);
  }

  async #play(step: StepSpec, path: string): Promise<object> {
    const before = await this.#read(path);
    const sent = "object" in step ? this.#placed(step.object) : undefined;
    const answer = await this.#send(step, sent, { path, before });
    const live = await this.#read(path);
    const isWritten = before?.metadata.resourceVersion !== live?.metadata.resourceVersion;
    return {
      ...{ op: step.op, manager: step.manager, ...("subresource" in step && { subresource: step.subresource }) },
      ...(sent !== undefined && { object: sent, force: true }),
      ...{
        response: { code: answer.status, ...(answer.status >= 300 && { body: answer.body }) },
        live: live ?? null,
        resourceVersionChanged: isWritten,
      },
      ...(before !== undefined && live !== undefined && { changes: changesBetween(before, live) }),
    };
  }

  async #send(step: StepSpec, sent: KubeObject | undefined, at: { path: string; before: LiveObject | undefined }) {
    const query = queryOf({ fieldManager: step.manager });
    const merge = "application/merge-patch+json";
    switch (step.op) {
      case "apply":
        return await this.#apply(at.path, sent, { fieldManager: step.manager, force: true });
      case "create":
        return await this.#request("POST", at.path.slice(0, at.path.lastIndexOf("/")) + query, sent);
      case "update":
        return await this.#request("PUT", at.path + query, edited(at.before, step.set));
      case "scale":
        return await this.#request("PATCH", `${at.path}/scale${query}`, { spec: { replicas: step.replicas } }, merge);
      case "patch":
        return await this.#request(
          "PATCH",
          `${at.path}${step.subresource ? `/${step.subresource}` : ""}${query}`,
          step.body,
          merge,
        );
      case "delete":
        return await this.#request("DELETE", at.path);
    }
  }

  async #final(desired: KubeObject): Promise<object> {
    // Of another version, if the manifest is.
    const path = await this.#pathOf(desired);
    const live = await this.#read(path);
    const answer = await this.#apply(path, desired, { fieldManager: FIELD_MANAGER, force: true, dryRun: "All" });
    const body = answer.status < 300 ? (answer.body as LiveObject) : undefined;
    return {
      desired,
      dryRun: { code: answer.status, ...(body !== undefined && { body }) },
      changes: body === undefined || live === undefined ? [] : changesBetween(live, body),
    };
  }

  async #apply(path: string, object: unknown, query: { readonly [name: string]: string | boolean }) {
    const headers = { "content-type": "application/apply-patch+yaml" };
    return await this.#client.send({ method: "PATCH", path: path + queryOf(query), body: object, headers });
  }

  async #request(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown, type = "application/json") {
    return await this.#client.send({ method, path, body, headers: { "content-type": type } });
  }

  async #read(path: string): Promise<LiveObject | undefined> {
    return (await this.#ask("GET", path)) as LiveObject | undefined;
  }

  async #ask(method: "GET", path: string): Promise<unknown> {
    const answer = await this.#client.send({ method, path });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.body;
  }
}

function edited(live: LiveObject | undefined, set: { readonly [pointer: string]: Json | undefined }): unknown {
  const copy: Json = JSON.parse(JSON.stringify(live ?? {}));
  for (const [pointer, value] of Object.entries(set)) {
    const isThere = valueAt(copy, parsePointer(pointer) ?? []) !== undefined;
    const op = value === GONE ? "remove" : isThere ? "replace" : "add";
    jsonPatch.applyOperation(copy, op === "remove" ? { op, path: pointer } : { op, path: pointer, value });
  }
  return copy;
}

/** As the conformance folder has them: without what every write changes. */
function changesBetween(before: LiveObject, after: LiveObject): TrueChange[] {
  const comparable = ({ metadata, ...rest }: LiveObject) => {
    const { managedFields: _1, resourceVersion: _2, generation: _3, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  const [from, to] = [comparable(before), comparable(after)];
  return jsonPatch.compare(from, to).map(({ op, path }) => {
    const [live, applied] = [from, to].map((side) => valueAt(side, parsePointer(path) ?? []) as Json | undefined);
    return { path, op, ...(live !== undefined && { live }), ...(applied !== undefined && { applied }) };
  });
}

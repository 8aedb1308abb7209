import { assess } from "../../../src/health/index.ts";
import {
  type Health,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  type LiveObject,
} from "../../../src/model/index.ts";
import { startSandbox } from "../../../src/sandbox/index.ts";
import { until } from "../../e2e/until.ts";

/** A sandbox whose Pods take little time, and what a test asks of it over HTTP. */
export class Played implements AsyncDisposable {
  readonly #stop: () => Promise<void>;
  readonly url: string;
  /** Answers to writes, and to anything else, so far. */
  readonly #written: () => number;

  private constructor(parts: { url: string; stop: () => Promise<void>; written: () => number }) {
    this.url = parts.url;
    this.#stop = parts.stop;
    this.#written = parts.written;
  }

  static async start(): Promise<Played> {
    let written = 0;
    const sandbox = await startSandbox({ pace: 20, onRequest: ({ method }) => (written += method === "GET" ? 0 : 1) });
    const played = new Played({ url: sandbox.url, stop: () => sandbox.stop(), written: () => written });
    await played.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    return played;
  }

  get written(): number {
    return this.#written();
  }

  /** Server-side apply under the path of the kind. */
  async apply(object: KubeObject): Promise<LiveObject> {
    const path = `${this.#collection(object)}/${object.metadata.name}?fieldManager=test&force=true`;
    const answer = await fetch(this.url + path, {
      method: "PATCH",
      headers: { "content-type": "application/apply-patch+yaml" },
      body: JSON.stringify(object),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as LiveObject;
  }

  async get(object: KubeObject): Promise<LiveObject> {
    const answer = await fetch(`${this.url}${this.#collection(object)}/${object.metadata.name}`);
    return (await answer.json()) as LiveObject;
  }

  async list(path: string): Promise<readonly LiveObject[]> {
    const answer = await fetch(this.url + path);
    return ((await answer.json()) as { items: LiveObject[] }).items;
  }

  async remove(path: string): Promise<void> {
    await fetch(this.url + path, { method: "DELETE" });
  }

  async health(object: KubeObject, status: Health["status"]): Promise<Health> {
    return await until(`${object.kind} ${object.metadata.name} to be ${status}`, async () => {
      const health = assess(await this.get(object));
      return health.status === status && health;
    });
  }

  /** The newest resourceVersion of everything. */
  async revision(): Promise<string> {
    const answer = await fetch(`${this.url}/api/v1/nodes`);
    const { metadata } = (await answer.json()) as { metadata: { resourceVersion: string } };
    return metadata.resourceVersion;
  }

  #collection({ apiVersion, kind, metadata }: KubeObject): string {
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const inside = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    return `${root}${inside}/${pluralOf(kind)}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
  }
}

function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  return lower.endsWith("s") ? `${lower}es` : `${lower}s`;
}

export function statusOf(object: LiveObject): JsonObject {
  return isJsonObject(object["status"]) ? object["status"] : {};
}

const LABELS = { app: "web" };

interface Workload {
  readonly name?: string;
  readonly image?: string;
  readonly annotations?: { readonly [name: string]: string };
  readonly spec?: JsonObject;
}

function workload(kind: string, { name = "web", image = "nginx:1", annotations, spec = {} }: Workload): KubeObject {
  const containers = [{ name: "main", image }];
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name, namespace: "shop", ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      selector: { matchLabels: LABELS },
      template: { metadata: { labels: LABELS }, spec: { containers } },
      ...spec,
    },
  };
}

export const deployment = (more: Workload = {}) => workload("Deployment", more);
export const statefulSet = (more: Workload = {}) => workload("StatefulSet", more);
export const daemonSet = (more: Workload = {}) => workload("DaemonSet", more);

export function job(annotations?: { readonly [name: string]: string }): KubeObject {
  const template = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "busybox" }] } };
  const metadata = { name: "once", namespace: "shop", ...(annotations === undefined ? {} : { annotations }) };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template, backoffLimit: 1 } };
}

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import type { Cluster } from "../../src/cluster/index.ts";
import {
  isJsonObject,
  type JsonObject,
  type KubeObject,
  PlumblineError,
  parseApiVersion,
  refOf,
  type SchemaNode,
} from "../../src/model/index.ts";
import { prepare } from "../../src/plan/index.ts";
import type { ControlPlane } from "../controlplane/index.ts";
import type { Subject } from "./play.ts";
import { publishedValues } from "./published.ts";

const FOLDER = join(import.meta.dirname, "kinds");
/** What other objects need, and no sample. */
const NEEDED = "definition.yaml";
/** Definitions and API services come last: for each of them the server makes its whole OpenAPI anew, for a while. */
const LAST = "served.yaml";

/** A rich manifest of one kind, of which there may be as many copies as there are edits. */
export interface Sample {
  readonly kind: string;
  readonly schema: SchemaNode;
  readonly published: ReturnType<typeof publishedValues>;
  /** As it is sent, under this name. */
  copy(name: string): Subject;
}

/** The manifests of the folder `kinds`, with their schemas as this server publishes them; each in a namespace of its own, for some are law to others. */
export async function samplesOf(cluster: Cluster, plane: ControlPlane): Promise<Sample[]> {
  const files = readdirSync(FOLDER).filter((file) => file !== NEEDED && file !== LAST);
  const texts = [...files.sort(), LAST].flatMap((file) => readFileSync(join(FOLDER, file), "utf8").split(/^---$/m));
  return await Promise.all(texts.map((text) => sampleOf(cluster, plane, text)));
}

async function sampleOf(cluster: Cluster, plane: ControlPlane, text: string): Promise<Sample> {
  const namespace = await plane.createNamespace("hand");
  const named = (name: string) => objectsIn(text.replaceAll("$ns", namespace).replaceAll("$name", name))[0];
  const first = named("web");
  if (first === undefined) throw new PlumblineError("PL-INTERNAL", { message: `no object in ${text}` });
  const type = { ...parseApiVersion(first.apiVersion), kind: first.kind };
  const [schema, { namespaced }] = [await cluster.schema(type), await cluster.resource(type)];
  const path = type.group === "" ? "api/v1" : `apis/${first.apiVersion}`;
  const { stdout } = await plane.kubectl(["get", "--raw", `/openapi/v3/${path}`]);
  return {
    kind: first.kind,
    schema,
    published: publishedValues(JSON.parse(stdout) as JsonObject, first.kind),
    copy: (name) => subjectOf(named(name) ?? first, { schema, namespaced, namespace }),
  };
}

interface Where {
  readonly schema: SchemaNode;
  readonly namespaced: boolean;
  /** For objects that name none. */
  readonly namespace: string;
}

/** The object as an application would send it. */
export function subjectOf(object: KubeObject, { schema, namespaced, namespace }: Where): Subject {
  const origin = { repo: "r", revision: "1", file: "a.yaml", line: 1 };
  const [one] = prepare([{ ref: refOf(object), object, origin }], {
    application: "default/hand-edits",
    inventoryNamespace: "default",
    destinationNamespace: namespace,
    namespaced: () => namespaced,
  });
  if (one === undefined || one.problem !== undefined) {
    throw new PlumblineError("PL-INTERNAL", { message: JSON.stringify(one?.problem) });
  }
  return { desired: one.object, hash: one.hash, schema };
}

export function objectsIn(text: string): KubeObject[] {
  return loadAll(text).filter((one): one is KubeObject => isJsonObject(one));
}

export function definitionOfCustom(): KubeObject {
  const [definition] = objectsIn(readFileSync(join(FOLDER, NEEDED), "utf8"));
  if (definition === undefined) throw new PlumblineError("PL-INTERNAL", { message: "no definition" });
  return definition;
}

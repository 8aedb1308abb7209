import { parsePointer, valueAt } from "../kit/json-pointer.ts";
import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../model/index.ts";
import { type FieldPath, jsonOf } from "./field-path.ts";
import { sameJson } from "./value-equality.ts";

interface Field {
  readonly path: FieldPath;
  readonly live: Json;
}

interface Writing {
  /** By field names; `*` is any one of them. */
  readonly path: readonly string[];
  /** The value that the server writes there; undefined where it writes none. `name` is the last in the path. */
  readonly value: (live: JsonObject, name: string) => unknown;
}

const writing = (path: string, value: Writing["value"]): Writing => ({ path: parsePointer(path) ?? [], value });

const pick =
  (pointer: string): Writing["value"] =>
  (live) =>
    valueAt(live, parsePointer(pointer) ?? []);

/** A label of the template under the same name: objects without labels get those. Source: the defaults of batch/v1 and core/v1. */
const ofTemplate: Writing["value"] = (live, name) => valueAt(live, ["spec", "template", "metadata", "labels", name]);

const OF_JOB = new Map([
  ["batch.kubernetes.io/controller-uid", pick("/metadata/uid")],
  ["batch.kubernetes.io/job-name", pick("/metadata/name")],
  ["controller-uid", pick("/metadata/uid")],
  ["job-name", pick("/metadata/name")],
]);

/** Not defaults of a single field, which stand in defaults/. Source: the registries' strategies and admission plugins of Kubernetes 1.36. */
const WRITTEN = new Map<string, readonly Writing[]>(
  Object.entries({
    Namespace: [
      writing("/metadata/labels/kubernetes.io~1metadata.name", pick("/metadata/name")),
      writing("/spec/finalizers", () => ["kubernetes"]),
    ],
    // A counter from before there was metadata.generation: whatever it says, the server said it.
    DaemonSet: [
      writing("/metadata/annotations/deprecated.daemonset.template.generation", (live, name) =>
        valueAt(live, ["metadata", "annotations", name]),
      ),
    ],
    Job: [
      writing("/spec/manualSelector", () => false),
      writing("/spec/template/metadata/labels/*", (live, name) => OF_JOB.get(name)?.(live, name)),
      writing("/metadata/labels/*", ofTemplate),
    ],
    ReplicationController: [
      writing("/metadata/labels/*", ofTemplate),
      writing("/spec/selector", pick("/spec/template/metadata/labels")),
    ],
    Node: [writing("/spec/podCIDRs/*", pick("/spec/podCIDR"))],
  }),
);

/** In the host's network every port of a Pod is one of the host. Source: core/v1 defaults (SetDefaults_Pod). */
function isHostPort(live: JsonObject, tokens: readonly string[], value: Json): boolean {
  if (tokens.at(-1) !== "hostPort" || valueAt(live, ["spec", "hostNetwork"]) !== true) return false;
  return valueAt(live, [...tokens.slice(0, -1), "containerPort"]) === value;
}

/** Not a default, and yet the server's own: it stands in no manifest, and whoever wrote the object first is noted as its owner.
 *  For Kubernetes' own kinds. */
export function isWrittenByServer(object: KubeObject, { path, live: value }: Field): boolean {
  const live = jsonOf(object);
  const tokens = path.map(({ token }) => token);
  if (object.kind === "Pod" && isHostPort(live, tokens, value)) return true;
  const rules = (WRITTEN.get(object.kind) ?? []).filter((rule) => isAt(rule.path, tokens));
  return rules.some((rule) => sameJson(jsonOrNothing(rule.value(live, tokens.at(-1) ?? "")), value));
}

function isAt(pattern: readonly string[], tokens: readonly string[]): boolean {
  return pattern.length === tokens.length && pattern.every((name, depth) => name === "*" || name === tokens[depth]);
}

function jsonOrNothing(value: unknown): Json | undefined {
  if (typeof value === "string" || typeof value === "boolean" || Array.isArray(value)) return value as Json;
  return isJsonObject(value) ? value : undefined;
}

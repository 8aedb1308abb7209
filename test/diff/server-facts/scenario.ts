import { FIELD_MANAGER, type Json, type JsonObject, type KubeObject } from "../../../src/model/index.ts";

/** What is done to one object on the real server, and what our last manifest would change of it then. */
export interface FactScenario {
  /** Number in the list of server facts. */
  readonly fact: number;
  readonly name: string;
  readonly steps: readonly StepSpec[];
  /** Asked at the end; without one the last manifest that we applied. */
  readonly desired?: KubeObject;
  /** JSON pointers that a forced dry run of it changes: none means Synced. */
  readonly changes: readonly string[];
  /** The dry run is refused with this. */
  readonly refused?: number;
}

export type StepSpec =
  | { readonly op: "apply"; readonly manager: string; readonly object: KubeObject }
  | { readonly op: "create"; readonly manager: string; readonly object: KubeObject }
  /** Read, values set at JSON pointers (GONE: taken out), PUT. */
  | { readonly op: "update"; readonly manager: string; readonly set: JsonObject }
  | { readonly op: "scale"; readonly manager: string; readonly replicas: number }
  | { readonly op: "patch"; readonly manager: string; readonly body: JsonObject; readonly subresource?: string }
  | { readonly op: "delete"; readonly manager: string };

export const GONE = "$gone";
/** Stands for the namespace, in names of objects that have none, too. */
export const NS = "$ns";
/** A custom resource's group; its definition is the recorder's. */
export const WIDGETS = "facts.plumbline.example.com";

export function apply(object: KubeObject, manager: string = FIELD_MANAGER): StepSpec {
  return { op: "apply", manager, object };
}

export function edit(set: JsonObject, manager = "kubectl-edit"): StepSpec {
  return { op: "update", manager, set };
}

export function scale(replicas: number, manager = "kube-controller-manager"): StepSpec {
  return { op: "scale", manager, replicas };
}

/** A merge patch. */
export function patch(body: JsonObject, { manager = "kubectl-patch", subresource = "" } = {}): StepSpec {
  return { op: "patch", manager, body, ...(subresource !== "" && { subresource }) };
}

interface Web {
  readonly spec?: JsonObject;
  readonly pod?: JsonObject;
  readonly container?: JsonObject;
  readonly containers?: readonly Json[];
  readonly labels?: JsonObject;
}

export function deployment(
  name: string,
  { spec = {}, pod = {}, container = {}, containers, labels }: Web = {},
): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(name, labels),
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: containers ?? [{ name: "web", image: "nginx:1", ...container }], ...pod },
      },
      ...spec,
    },
  };
}

export function metadata(name: string, labels?: JsonObject): KubeObject["metadata"] {
  return { name, namespace: NS, ...(labels !== undefined && { labels: labels as { [name: string]: string } }) };
}

/** Any other kind, in the namespace. */
export function object(type: string, name: string, fields: JsonObject): KubeObject {
  const [kind = "", apiVersion = ""] = type.split(" ");
  return { ...fields, apiVersion, kind, metadata: metadata(name) };
}

export const POD = "/spec/template/spec";

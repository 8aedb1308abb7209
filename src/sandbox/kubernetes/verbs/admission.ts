import type { KubeObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import { detailsOf, type Machine, qualified, type Target } from "./machine.ts";

/** What is created needs its namespace, and one that stays. Errors: 404, 403. Source: admission plugin NamespaceLifecycle. */
export function requireNamespace(
  { store }: Machine,
  { resource }: Target,
  { metadata: { name, namespace } }: KubeObject,
): void {
  if (!resource.namespaced || namespace === undefined) return;
  const found = store.get("/namespaces", namespace);
  if (found === undefined) {
    throw new ApiError(404, {
      reason: "NotFound",
      message: `namespaces "${namespace}" not found`,
      details: { name: namespace, kind: "namespaces" },
    });
  }
  if (found.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new ApiError(403, {
    reason: "Forbidden",
    message: `${qualified(resource)} "${name}" is forbidden: ${why}`,
    details: {
      ...detailsOf(resource, name),
      causes: [
        {
          reason: "NamespaceTerminating",
          message: `namespace ${namespace} is being terminated`,
          field: "metadata.namespace",
        },
      ],
    },
  });
}

/** A definition on its way out takes no new objects. Errors: 403. */
export function requireDefinition({ store }: Machine, { resource }: Target, { metadata: { name } }: KubeObject): void {
  if (resource.custom === undefined) return;
  const definition = store.get("apiextensions.k8s.io/customresourcedefinitions", qualified(resource));
  if (definition?.metadata.deletionTimestamp === undefined) return;
  throw new ApiError(403, {
    reason: "Forbidden",
    message: `${qualified(resource)} "${name}" is forbidden: create not allowed while custom resource definition is terminating`,
    details: detailsOf(resource, name),
  });
}

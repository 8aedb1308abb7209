import { parseApiVersion } from "../model/index.ts";

const GROUPS = new Set([
  ...["admissionregistration", "apiextensions", "apiregistration", "authentication", "authorization", "certificates"],
  ...["coordination", "discovery", "events", "flowcontrol.apiserver", "internal.apiserver", "networking", "node"],
  ...["rbac.authorization", "resource", "scheduling", "storage", "storagemigration"],
]);

/** Kinds that are compiled into the API server; `*.k8s.io` alone does not say so, CRDs use it too. */
export function isBuiltIn(apiVersion: string): boolean {
  const { group } = parseApiVersion(apiVersion);
  return !group.includes(".") || (group.endsWith(".k8s.io") && GROUPS.has(group.slice(0, -".k8s.io".length)));
}

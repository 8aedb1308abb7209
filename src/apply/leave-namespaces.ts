import type { NamespacePlan } from "../model/index.ts";
import { isThrough, leaveOperations } from "./leave.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

/**
 * The labels and annotations of namespaces that are no members, at the very end of a deleted application: until then its hooks and what is going are
 * under their law. A namespace that is gone, or going, is left alone: an apply would make it anew.
 */
export async function leaveNamespaces(run: Run): Promise<void> {
  for (const one of run.plan.namespaces ?? []) for (let tries = 1; !(await leave(run, one, tries)); tries++);
}

async function leave(
  { cluster, signal }: Run,
  { name, manager, action }: NamespacePlan,
  tries: number,
): Promise<boolean> {
  const ref = { group: "", version: "v1", kind: "Namespace", name };
  const live = await patiently(signal, () => cluster.get(ref, signal));
  if (live === undefined || live.metadata.deletionTimestamp !== undefined) return true;
  const { metadata } = live;
  if (!metadata.managedFields?.some((entry) => entry.manager === manager)) return true;
  if (action === "release")
    return await isThrough(tries, () => cluster.patch(ref, leaveOperations(metadata, manager), { signal }));
  const object = { apiVersion: "v1", kind: "Namespace", metadata: { name, resourceVersion: metadata.resourceVersion } };
  return await isThrough(tries, () => cluster.apply(object, { manager, signal }));
}

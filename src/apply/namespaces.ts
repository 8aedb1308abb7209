import { type NamespacePlan, refKey } from "../model/index.ts";
import { namespaceObject } from "./namespace-object.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

/**
 * Namespaces that are no members: their labels and annotations (spec.destination.namespaceMetadata) first, so that those of Pod Security are there
 * before the first Pod; a missing one is made with them.
 */
export async function settleNamespaces(run: Run): Promise<void> {
  for (const one of run.plan.namespaces ?? []) if (one.action !== "none") await applyMetadata(run, one);
  await ensureNamespace(run);
}

/** Under a manager of its own: what is not named any more goes, and nothing else of the namespace is touched. */
export async function applyMetadata(
  { cluster, signal }: Pick<Run, "cluster" | "signal">,
  { name, manager, action, labels, annotations }: NamespacePlan,
): Promise<void> {
  const metadata = { name, labels, annotations };
  const object = { apiVersion: "v1", kind: "Namespace", metadata };
  await patiently(signal, () => cluster.apply(object, { manager, signal }));
  if (action === "create") await patiently(signal, () => cluster.apply(namespaceObject(name), { signal }));
}

/** spec.destination.createNamespace: asked for only when something is about to be created there. */
async function ensureNamespace({ plan, cluster, signal }: Run): Promise<void> {
  const name = plan.ensureNamespace;
  const makes = [...plan.steps, ...(plan.hooks ?? [])].some(
    ({ action, ref }) => (action === "create" || action === "run") && ref.namespace === name,
  );
  if (name === undefined || !makes) return;
  const ref = { group: "", version: "v1", kind: "Namespace", name };
  if (plan.steps.some((step) => refKey(step.ref) === refKey(ref))) return;
  await patiently(signal, async () => {
    if ((await cluster.get(ref, signal)) === undefined) await cluster.apply(namespaceObject(name), { signal });
  });
}

import type { Cluster } from "../cluster/index.ts";
import {
  INSTRUCTION_ANNOTATIONS,
  INSTRUCTIONS_MANAGER,
  type Instructions,
  type KubeObject,
  PlumblineError,
  toProblem,
} from "../model/index.ts";
import { applySetId, parentObject, parentRef } from "../plan/index.ts";
import { namespaceObject } from "./namespace-object.ts";
import { patiently } from "./patience.ts";

/** null: taken back. Those that are not named stay. */
export type InstructionChange = { readonly [name in keyof Instructions]: Instructions[name] | null };

export interface InstructionTarget {
  readonly cluster: Pick<Cluster, "apply" | "patch">;
  readonly application: string;
  readonly inventoryNamespace: string;
  readonly signal: AbortSignal;
}

/**
 * Puts instructions onto the ApplySet parent. A parent that is not there yet is made with an empty scope, and never over one that a pass
 * makes in the same moment: without force its wider scope is a conflict, and then there is one to patch. Errors: PL-KUBE-*.
 */
export async function writeInstructions(target: InstructionTarget, change: InstructionChange): Promise<void> {
  const annotations = annotationsOf(change);
  if (await patched(target, annotations)) return;
  const given = Object.fromEntries(Object.entries(annotations).filter(([, text]) => text !== null));
  if (Object.keys(given).length === 0) return;
  if (await made(target, given as { [name: string]: string })) return;
  if (await patched(target, annotations)) return;
  throw new PlumblineError("PL-KUBE-CONFLICT", {
    message: "the ApplySet parent comes and goes while it is written",
    where: target.application,
    next: "try again",
  });
}

/** Takes instructions off exactly this version of the parent: one that somebody has given anew meanwhile stays. Errors: PL-KUBE-*. */
export async function dropInstructions(
  { cluster, application, inventoryNamespace, signal }: InstructionTarget,
  names: readonly (keyof Instructions)[],
  resourceVersion: string,
): Promise<void> {
  const annotations = annotationsOf(Object.fromEntries(names.map((name) => [name, null])));
  const body = { metadata: { resourceVersion, annotations } };
  await cluster.patch(parentRef(application, inventoryNamespace), body, { manager: INSTRUCTIONS_MANAGER, signal });
}

function annotationsOf(change: InstructionChange): { [name: string]: string | null } {
  const texts = Object.entries(change).map(([name, value]) => [
    INSTRUCTION_ANNOTATIONS[name as keyof Instructions],
    value === null ? null : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts);
}

/** False where there is no parent. */
async function patched(
  { cluster, application, inventoryNamespace, signal }: InstructionTarget,
  annotations: { readonly [name: string]: string | null },
): Promise<boolean> {
  const ref = parentRef(application, inventoryNamespace);
  const body = { metadata: { annotations } };
  return await unless("PL-KUBE-NOT-FOUND", () =>
    patiently(signal, () => cluster.patch(ref, body, { manager: INSTRUCTIONS_MANAGER, signal })),
  );
}

/** False where somebody else made one in the meantime. */
async function made(
  { cluster, application, inventoryNamespace, signal }: InstructionTarget,
  annotations: { readonly [name: string]: string },
): Promise<boolean> {
  const parent = parentRef(application, inventoryNamespace);
  const id = applySetId(application, inventoryNamespace);
  const plain = parentObject({ id, parent }, { groupKinds: [], namespaces: [] }, { application });
  const object: KubeObject = {
    ...plain,
    metadata: { ...plain.metadata, annotations: { ...plain.metadata.annotations, ...annotations } },
  };
  const apply = () => cluster.apply(object, { manager: INSTRUCTIONS_MANAGER, force: false, signal });
  return await unless("PL-KUBE-CONFLICT", async () => {
    if (await unless("PL-KUBE-NOT-FOUND", apply)) return;
    await patiently(signal, () => cluster.apply(namespaceObject(inventoryNamespace), { signal }));
    await apply();
  });
}

async function unless(code: "PL-KUBE-NOT-FOUND" | "PL-KUBE-CONFLICT", work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (toProblem(error).code !== code) throw error;
    return false;
  }
}

import type { LiveObject, Problem } from "../model/index.ts";
import { applySetId, parentRef } from "../plan/index.ts";
import { unlessForbidden } from "./forbidden.ts";
import type { PassInput } from "./pass-input.ts";

export interface FoundParent {
  readonly parent: LiveObject | undefined;
  /** Why parents may not be followed. */
  readonly refusal?: Problem;
}

/**
 * The ApplySet parent, out of the watch that all applications share: of all namespaces, or of our own where that is forbidden. Where nothing may be followed by itself,
 * and where even that is forbidden, not at all.
 */
export async function readParent(
  input: Pick<PassInput, "cluster" | "signal" | "inventoryNamespace" | "name" | "memory" | "manual" | "now">,
): Promise<FoundParent> {
  const { cluster, signal, inventoryNamespace, name } = input;
  const configMaps = await cluster.resource({ group: "", version: "v1", kind: "ConfigMap" }, signal);
  const ref = parentRef(name, inventoryNamespace);
  const own = { applySetId: applySetId(name, inventoryNamespace), signal };
  const followHere = () =>
    unlessForbidden("list own parents", input, () =>
      cluster.live.follow(configMaps, `parents in ${inventoryNamespace}`, own),
    );
  const followed = await unlessForbidden("list parents", input, () => cluster.live.follow(configMaps, "parents", own));
  if ("answer" in followed || "answer" in (await followHere())) return { parent: cluster.live.get(ref) };
  const got = await unlessForbidden("get parent", input, () => cluster.get(ref, signal));
  return { parent: "answer" in got ? got.answer : undefined, refusal: followed.refusal };
}

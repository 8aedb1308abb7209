import type { LiveObject, Problem } from "../model/index.ts";
import { applySetId, parentRef } from "../plan/index.ts";
import { unlessForbidden } from "./forbidden.ts";
import type { PassInput } from "./pass-input.ts";

export interface FoundParent {
  readonly parent: LiveObject | undefined;
  /** Why parents may not be followed. */
  readonly refusal?: Problem;
}

/** The ApplySet parent, out of the watch that all applications share; where that is forbidden by itself, and where even that is, not at all. */
export async function readParent(
  input: Pick<PassInput, "cluster" | "signal" | "inventoryNamespace" | "name" | "memory" | "manual" | "now">,
): Promise<FoundParent> {
  const { cluster, signal, inventoryNamespace, name } = input;
  const configMaps = await cluster.resource({ group: "", version: "v1", kind: "ConfigMap" }, signal);
  const ref = parentRef(name, inventoryNamespace);
  const followed = await unlessForbidden("list parents", input, () =>
    cluster.live.follow(configMaps, "parents", { applySetId: applySetId(name, inventoryNamespace), signal }),
  );
  if ("answer" in followed) return { parent: cluster.live.get(ref) };
  const got = await unlessForbidden("get parent", input, () => cluster.get(ref, signal));
  return { parent: "answer" in got ? got.answer : undefined, refusal: followed.refusal };
}

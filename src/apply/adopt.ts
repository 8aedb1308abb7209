import type { KubeObject, PlanStep, Ref } from "../model/index.ts";
import { withoutStamp } from "../plan/index.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

/** One for each version of the kind in which somebody has written; more is no object of a real cluster. */
const MOST_TAKEOVERS = 10;

/**
 * Makes the older manifests of an object ours, so that the apply which follows removes what Git does not have. Each takeover is for the version of
 * the object that was just read; where somebody was quicker it is read again. The stamp comes with the last apply of all, so whatever a crash
 * leaves behind is still for adoption.
 */
export async function takeOver(run: Run, step: PlanStep, object: KubeObject): Promise<void> {
  const { cluster, signal } = run;
  for (let count = 1; count <= MOST_TAKEOVERS; count++) {
    const more = await patiently(signal, () => takeOverOnce(run, step.ref));
    if (!more) return;
    await patiently(signal, () => cluster.apply(withoutStamp(object), { signal }));
  }
}

/** Is there more to take over, in another version of the kind. */
async function takeOverOnce({ cluster, signal, takeover }: Run, ref: Ref): Promise<boolean> {
  const live = await cluster.get(ref, signal);
  const found = live && takeover?.(ref, live, await cluster.schema(ref, signal));
  if (found === undefined) return false;
  await cluster.patch(ref, found.operations, { signal });
  return found.more;
}

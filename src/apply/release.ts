import { forEachLimited } from "../kit/pool.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  ID_ANNOTATION,
  type LiveObject,
  PART_OF_LABEL,
  type PlanStep,
  type StepOutcome,
} from "../model/index.ts";
import { staysForGood } from "../plan/index.ts";
import { isThrough, leaveOperations } from "./leave.ts";
import { leaveNamespaces } from "./leave-namespaces.ts";
import { record } from "./outcomes.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

const AT_ONCE = 32;

/** The end of a deleted application: what stays is let go of, and when nothing of it is left the parent goes. Returns whether all of that is done. */
export async function endInventory(run: Run): Promise<boolean> {
  const { releases = [], going = [], withheld, inventory, hooks = [] } = run.plan;
  // What they leave behind is deleted by the next pass: by then they are written down as over.
  if (hooks.some(({ action }) => action === "run")) return false;
  if (releases.length > 0) await run.fence?.check();
  await forEachLimited(releases, AT_ONCE, (step) => record(run, step, releaseObject).catch(() => {}));
  if (run.outcomes.some(({ outcome }) => outcome === "failed")) return false;
  if (going.length > 0 || withheld.some(({ guard }) => !staysForGood(guard))) return false;
  await leaveNamespaces(run);
  run.signal.throwIfAborted();
  await run.fence?.check();
  // That it goes is what we do now.
  run.fence?.close();
  await patiently(run.signal, () => run.cluster.delete(inventory.parent, { signal: run.signal }));
  return true;
}

/**
 * Takes our marks off, and us out of managedFields: what we have set is nobody's from then on, so that whoever applies the object next, another application
 * or kubectl, meets no owner. An apply without the marks would not do: it would take out everything that we own.
 */
async function releaseObject(run: Run, { ref, uid }: PlanStep): Promise<Pick<StepOutcome, "outcome" | "warnings">> {
  const { cluster, signal, plan } = run;
  for (let tries = 1; ; tries++) {
    const live = await patiently(signal, () => cluster.get(ref, signal));
    const isOurs = live?.metadata.uid === uid && live?.metadata.labels?.[PART_OF_LABEL] === plan.inventory.id;
    if (live === undefined || !isOurs) return { outcome: "unchanged", warnings: [] };
    if (await isThrough(tries, () => cluster.patch(ref, releaseOperations(live), { signal })))
      return { outcome: "released", warnings: [] };
  }
}

function releaseOperations({ metadata }: LiveObject): object[] {
  const { labels = {}, annotations = {} } = metadata;
  const marks = [
    ...[PART_OF_LABEL].filter((name) => name in labels).map((name) => pointer("labels", name)),
    ...[ID_ANNOTATION, APPLIED_ANNOTATION]
      .filter((name) => name in annotations)
      .map((name) => pointer("annotations", name)),
  ];
  return [...marks.map((path) => ({ op: "remove", path })), ...leaveOperations(metadata, FIELD_MANAGER)];
}

function pointer(field: string, name: string): string {
  return `/metadata/${field}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

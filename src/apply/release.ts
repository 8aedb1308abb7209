import { forEachLimited } from "../kit/pool.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  ID_ANNOTATION,
  type LiveObject,
  PART_OF_LABEL,
  type PlanStep,
  PlumblineError,
  type StepOutcome,
} from "../model/index.ts";
import { staysForGood } from "../plan/index.ts";
import { record } from "./outcomes.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

const AT_ONCE = 32;
const MOST_TRIES = 5;

/** The end of a deleted application: what stays is let go of, and when nothing of it is left the parent goes. Returns whether all of that is done. */
export async function endInventory(run: Run): Promise<boolean> {
  const { releases = [], going = [], withheld, inventory, hooks = [] } = run.plan;
  // What they leave behind is deleted by the next pass: by then they are written down as over.
  if (hooks.some(({ action }) => action === "run")) return false;
  if (releases.length > 0) await run.fence?.check();
  await forEachLimited(releases, AT_ONCE, (step) => record(run, step, releaseObject).catch(() => {}));
  if (run.outcomes.some(({ outcome }) => outcome === "failed")) return false;
  if (going.length > 0 || withheld.some(({ guard }) => !staysForGood(guard))) return false;
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
    try {
      await cluster.patch(ref, releaseOperations(live), { signal });
      return { outcome: "released", warnings: [] };
    } catch (error) {
      const isStale = error instanceof PlumblineError && error.code === "PL-KUBE-CONFLICT";
      if (!isStale || tries === MOST_TRIES) throw error;
    }
  }
}

function releaseOperations({ metadata }: LiveObject): object[] {
  const { resourceVersion, labels = {}, annotations = {}, managedFields = [] } = metadata;
  const others = managedFields.filter(({ manager }) => manager !== FIELD_MANAGER);
  const marks = [
    ...[PART_OF_LABEL].filter((name) => name in labels).map((name) => pointer("labels", name)),
    ...[ID_ANNOTATION, APPLIED_ANNOTATION]
      .filter((name) => name in annotations)
      .map((name) => pointer("annotations", name)),
  ];
  return [
    // Another version is a conflict then, and tried again; a `test` that fails is a patch that is refused.
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    ...marks.map((path) => ({ op: "remove", path })),
    // An empty list would be taken for "as they are"; one empty entry takes all away. Source: Kubernetes, "Clearing managedFields".
    { op: "add", path: "/metadata/managedFields", value: others.length === 0 ? [{}] : others },
  ];
}

function pointer(field: string, name: string): string {
  return `/metadata/${field}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

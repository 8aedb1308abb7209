import { forEachLimited } from "../kit/pool.ts";
import {
  APPLIED_ANNOTATION,
  FIELD_MANAGER,
  type Guard,
  ID_ANNOTATION,
  type LiveObject,
  PART_OF_LABEL,
  type PlanStep,
  PlumblineError,
  type StepOutcome,
} from "../model/index.ts";
import { record } from "./outcomes.ts";
import { patiently } from "./patience.ts";
import type { Run } from "./types.ts";

const AT_ONCE = 32;
const MOST_TRIES = 5;

/** What these hold back stays for good. Whatever else is withheld is waited for: an inventory that ends too early loses what it named. */
const STAYS: ReadonlySet<Guard> = new Set(["disabled", "protected-kind", "not-own-id", "controller-owned"]);

/** The end of a deleted application: what stays is let go of, and when nothing of it is left the parent goes. Returns whether all of that is done. */
export async function endInventory(run: Run): Promise<boolean> {
  const { releases = [], going = [], withheld, inventory } = run.plan;
  await forEachLimited(releases, AT_ONCE, (step) => record(run, step, releaseObject).catch(() => {}));
  if (run.outcomes.some(({ outcome }) => outcome === "failed")) return false;
  if (going.length > 0 || withheld.some(({ guard }) => !STAYS.has(guard))) return false;
  run.signal.throwIfAborted();
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
    { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
    ...marks.map((path) => ({ op: "remove", path })),
    // An empty list would be taken for "as they are"; one empty entry takes all away. Source: Kubernetes, "Clearing managedFields".
    { op: "add", path: "/metadata/managedFields", value: others.length === 0 ? [{}] : others },
  ];
}

function pointer(field: string, name: string): string {
  return `/metadata/${field}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

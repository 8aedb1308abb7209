import type { Cluster } from "../../cluster/index.ts";
import {
  applicationName,
  DELETION_FINALIZER,
  deletionOf,
  type LiveObject,
  type Log,
  PlumblineError,
  refOf,
  toProblem,
} from "../../model/index.ts";
import type { ClusterApplication } from "./cluster-applications.ts";

interface DeletionFinalizersSettings {
  /** As of StatusWriter. */
  readonly clusterFor: (name: string) => Pick<Cluster, "get" | "patch">;
  readonly log: Log;
}

const MOST_TRIES = 5;

/**
 * Our finalizer on Application objects: there where the policy is prune, so that `kubectl delete` waits until the objects are gone; taken off when they
 * are, or when the policy has changed. What cannot be written now is written with the next change of any Application object.
 */
export class DeletionFinalizers {
  readonly #settings: DeletionFinalizersSettings;
  readonly #writing = new Set<string>();

  constructor(settings: DeletionFinalizersSettings) {
    this.#settings = settings;
  }

  /** Every Application object there is. Of those that are deleted only the ones that `free` names are let go. */
  keep(all: readonly ClusterApplication[], free: (name: string) => boolean): void {
    for (const { name, object, application, fleet } of all) {
      const has = hasFinalizer(object);
      const isLeaving = object.metadata.deletionTimestamp !== undefined;
      const deletion = fleet === undefined ? application?.spec.deletion : deletionOf(fleet);
      const wants = isLeaving ? !free(name) : deletion === undefined ? has : deletion === "prune";
      if (has === wants || (isLeaving && !has)) continue;
      void this.#write(object, wants);
    }
  }

  /** Nothing is left of it: its object may go. */
  release(object: LiveObject): void {
    if (hasFinalizer(object)) void this.#write(object, false);
  }

  async #write(object: LiveObject, wants: boolean): Promise<void> {
    const name = applicationName({ metadata: { ...object.metadata, namespace: object.metadata.namespace ?? "" } });
    if (this.#writing.has(name)) return;
    this.#writing.add(name);
    try {
      await write(this.#settings.clusterFor(name), { object, wants });
    } catch (error) {
      const problem = toProblem(error);
      this.#settings.log.warn(
        { ...problem, application: name },
        `the finalizer ${DELETION_FINALIZER} could not be written`,
      );
    } finally {
      this.#writing.delete(name);
    }
  }
}

async function write(
  cluster: Pick<Cluster, "get" | "patch">,
  { object, wants }: { readonly object: LiveObject; readonly wants: boolean },
): Promise<void> {
  const ref = refOf(object);
  let now: LiveObject | undefined = object;
  for (let tries = 1; now !== undefined && now.metadata.uid === object.metadata.uid; tries++) {
    if (hasFinalizer(now) === wants) return;
    try {
      await cluster.patch(ref, operations(now, wants));
      return;
    } catch (error) {
      const isStale = error instanceof PlumblineError && error.code === "PL-KUBE-CONFLICT";
      if (error instanceof PlumblineError && error.code === "PL-KUBE-NOT-FOUND") return;
      if (!isStale || tries === MOST_TRIES) throw error;
    }
    now = await cluster.get(ref);
  }
}

function hasFinalizer({ metadata }: LiveObject): boolean {
  return metadata.finalizers?.includes(DELETION_FINALIZER) === true;
}

/** Others keep theirs in the same list. Replaced by itself the version is compared, and another one is a conflict; a `test` that fails is none. */
function operations({ metadata: { resourceVersion, finalizers = [] } }: LiveObject, wants: boolean): object[] {
  const others = finalizers.filter((one) => one !== DELETION_FINALIZER);
  return [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    { op: "add", path: "/metadata/finalizers", value: wants ? [...others, DELETION_FINALIZER] : others },
  ];
}

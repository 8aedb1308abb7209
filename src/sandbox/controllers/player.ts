import { type GroupKind, groupKindKey, type LiveObject, type Log, SILENT } from "../../model/index.ts";
import { ApiError } from "../kubernetes/api-error.ts";
import type { ObjectAccess, ObjectChange } from "../kubernetes/types.ts";
import { type Controller, core, type Stage } from "./controller.ts";
import { daemonSets } from "./daemon-sets.ts";
import { deployments } from "./deployments.ts";
import { EventWriter } from "./events.ts";
import { layFoundations, namespaces } from "./foundations.ts";
import { jobs } from "./jobs.ts";
import { ingresses, services } from "./network.ts";
import { ownerOf } from "./owned.ts";
import { pods } from "./pods.ts";
import { replicaSets } from "./replica-sets.ts";
import { autoscalers, budgets, quotas } from "./scaling.ts";
import { statefulSets } from "./stateful-sets.ts";
import { claims, volumes } from "./storage.ts";

export interface ControllersOptions {
  readonly objects: ObjectAccess;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Milliseconds between two visible steps of a Pod; default 200. */
  readonly pace?: number;
  readonly log?: Log;
}

export interface Controllers {
  stop(): void;
}

const ALL: readonly Controller[] = [
  ...[namespaces, claims, volumes, pods, replicaSets, deployments, statefulSets, daemonSets, jobs],
  ...[services, ingresses, autoscalers, budgets, quotas],
];

/** Whose state hangs on objects of another kind in the same namespace. */
const WATCHING: { readonly [changed: string]: readonly GroupKind[] } = {
  Pod: [core("Service"), core("PersistentVolumeClaim"), budgets.kind, core("ResourceQuota")],
  PersistentVolumeClaim: [core("Pod")],
  "Deployment.apps": [autoscalers.kind],
  "StatefulSet.apps": [autoscalers.kind],
};

const SHORT_MS = 10;
const AGAIN_MS = 1000;

/** Plays all controllers on these objects until it is stopped. */
export function startControllers({ objects, now, pace = 200, log = SILENT }: ControllersOptions): Controllers {
  const player = new Player({ objects, now, pace, log });
  player.start();
  return player;
}

class Player implements Controllers {
  readonly #stage: Stage;
  readonly #log: Log;
  readonly #controllers = new Map(ALL.map((controller) => [groupKindKey(controller.kind), controller]));
  /** Kind, namespace and name of what is due, with the time from which on. */
  readonly #due = new Map<
    string,
    { readonly kind: GroupKind; readonly name: string; readonly namespace: string | undefined; at: number }
  >();
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: () => void = () => {};

  constructor({ objects, now, pace, log }: Required<ControllersOptions>) {
    const events = new EventWriter(objects, now);
    this.#stage = { objects, now, pace, tell: (about, told) => events.tell(about, told) };
    this.#log = log;
  }

  start(): void {
    this.#unsubscribe = this.#stage.objects.subscribe((change) => this.#see(change));
    layFoundations(this.#stage);
    for (const { kind } of ALL)
      for (const object of this.#stage.objects.list(kind)) this.#want(kind, object.metadata, 0);
  }

  stop(): void {
    this.#unsubscribe();
    clearTimeout(this.#timer);
    this.#due.clear();
  }

  #see({ kind, object }: ObjectChange): void {
    const key = groupKindKey(kind);
    if (this.#controllers.has(key)) this.#want(kind, object.metadata, SHORT_MS);
    const owner = ownerOf(object);
    if (owner !== undefined) {
      const group = owner.apiVersion.includes("/") ? (owner.apiVersion.split("/")[0] ?? "") : "";
      this.#want({ group, kind: owner.kind }, { name: owner.name, namespace: object.metadata.namespace }, SHORT_MS);
    }
    for (const watching of WATCHING[key] ?? []) this.#wantAll(watching, object.metadata.namespace);
    if (key === "PersistentVolumeClaim")
      for (const volume of this.#stage.objects.list(volumes.kind)) this.#want(volumes.kind, volume.metadata, SHORT_MS);
    // A workload that is told to fail, or not to any more, tells its Pods.
    if (key !== "Pod" && this.#controllers.has(key) && key !== "Namespace") this.#wantPodsOf(object);
  }

  #wantPodsOf(object: LiveObject): void {
    for (const set of this.#stage.objects.list(replicaSets.kind)) {
      if (ownerOf(set)?.uid === object.metadata.uid) this.#wantPodsOf(set);
    }
    for (const pod of this.#stage.objects.list(pods.kind)) {
      if (ownerOf(pod)?.uid === object.metadata.uid) this.#want(pods.kind, pod.metadata, SHORT_MS);
    }
  }

  #wantAll(kind: GroupKind, namespace: string | undefined): void {
    for (const { metadata } of this.#stage.objects.list(kind))
      if (metadata.namespace === namespace) this.#want(kind, metadata, SHORT_MS);
  }

  #want(kind: GroupKind, { name, namespace }: { name: string; namespace?: string | undefined }, inMs: number): void {
    const key = `${groupKindKey(kind)} ${namespace ?? ""}/${name}`;
    const at = this.#stage.now() + inMs;
    const before = this.#due.get(key);
    if (before === undefined || before.at > at) this.#due.set(key, { kind, name, namespace, at });
    this.#arm();
  }

  #arm(): void {
    const next = Math.min(...[...this.#due.values()].map(({ at }) => at));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), Math.max(0, next - this.#stage.now()));
    this.#timer.unref();
  }

  #round(): void {
    const now = this.#stage.now();
    for (const [key, { kind, name, namespace, at }] of [...this.#due]) {
      if (at > now) continue;
      this.#due.delete(key);
      const again = this.#reconcile(kind, name, namespace);
      if (again !== undefined) this.#want(kind, { name, namespace }, again);
    }
    if (this.#due.size > 0) this.#arm();
  }

  /** What somebody else changed meanwhile is looked at again; any other failure is told, and tried again later. */
  #reconcile(kind: GroupKind, name: string, namespace: string | undefined): number | undefined {
    const controller = this.#controllers.get(groupKindKey(kind));
    const object = controller && this.#stage.objects.get(kind, name, namespace);
    if (controller === undefined || object === undefined) return undefined;
    try {
      return controller.reconcile(object, this.#stage);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.code === 409) return SHORT_MS;
      this.#log.debug(
        { code: error.code, message: error.message, kind: kind.kind, name, namespace },
        "the sandbox's controller cannot go on",
      );
      return error.code === 404 || error.code === 403 ? undefined : AGAIN_MS;
    }
  }
}

import type { AuditEvent } from "../controlplane/index.ts";
import type { ReplicaWorld, TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

export type Pause = "SIGSTOP" | "stall";

/** One write of a replica, as the API server's audit log has it. */
export interface Write {
  /** Of the replica and its term. */
  readonly token: string;
  readonly manager: string;
  readonly object: string;
  readonly code: number;
  readonly received: string;
  readonly done: string;
}

/** Of the objects of one application, its parent included, in the order in which the server received them. */
export async function writesOf({ parts }: ReplicaWorld, application: string): Promise<readonly Write[]> {
  const { cluster, namespace } = parts;
  const events = await cluster.auditEvents({ namespace, verbs: ["create", "update", "patch", "delete"] });
  return events
    .filter(({ objectRef, requestURI }) => isOf(application, objectRef?.name ?? "") && !requestURI.includes("dryRun="))
    .map(writeOf)
    .toSorted((a, b) => (a.received < b.received ? -1 : 1));
}

function isOf(application: string, name: string): boolean {
  return name === `team.${application}` || name.replace(/-[0-9]+$/, "") === application;
}

function writeOf({ userAgent = "", requestURI, objectRef, responseStatus, ...times }: AuditEvent): Write {
  return {
    token: userAgent.replace(/^plumbline ?/, ""),
    manager: new URL(requestURI, "http://a").searchParams.get("fieldManager") ?? "",
    object: objectRef?.name ?? "",
    code: responseStatus?.code ?? 0,
    received: times.requestReceivedTimestamp,
    done: times.stageTimestamp,
  };
}

/** Where the writer changes. */
export function handovers(writes: readonly Write[]): { readonly before: Write; readonly after: Write }[] {
  return writes
    .slice(1)
    .map((after, i) => ({ before: writes[i] ?? after, after }))
    .filter(({ before, after }) => before.token !== after.token);
}

/** The id by which a replica is known to the others: it stands in the name of its Lease. */
export function replicaId({ gate }: TestReplica): string {
  for (const { method, url } of gate.requests) {
    const id = /\/leases\/plumbline-([^?/]+)/.exec(url)?.[1];
    if (method === "PATCH" && id !== undefined) return id;
  }
  throw new Error("it has never said that it is there");
}

export interface PauseRecord {
  readonly id: string;
  /** RFC 3339, of the audit log's clock. */
  readonly at: string;
}

/** Writes of a paused replica, in the term that it had then, after another one has begun. */
export function lateWrites(writes: readonly Write[], { id, at }: PauseRecord): Write[] {
  const isItsOwn = ({ token }: Write): boolean => token.startsWith(`${id}.`);
  const lapsed = new Set(writes.filter((one) => isItsOwn(one) && one.received <= at).map(({ token }) => token));
  const taken = writes.findIndex((one) => one.received > at && !isItsOwn(one));
  return taken < 0 ? [] : writes.slice(taken).filter(({ token }) => lapsed.has(token));
}

/** Pauses a replica at its nth write from now on; resolves when it stands still. */
export function pauseAt({ gate, plumbline }: TestReplica, nth: number, pause: Pause): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let writes = 0;
  gate.onWrite = ({ phase }) => {
    if (phase !== "before" || ++writes !== nth || plumbline.pid === undefined) return;
    process.kill(plumbline.pid, pause === "stall" ? "SIGUSR2" : "SIGSTOP");
    resolve();
  };
  return promise;
}

/** Both have a share, and together all of it. */
export async function divided(world: ReplicaWorld, replicas = world.replicas): Promise<void> {
  await until(
    "a whole division",
    async () => {
      const own = await Promise.all(replicas.map((one) => world.own(one).catch(() => [])));
      return own.every(({ length }) => length > 0) && own.flat().length === world.names.length;
    },
    60,
  );
}

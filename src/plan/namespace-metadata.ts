import { hashJson, sha256 } from "../kit/hash.ts";
import {
  FIELD_MANAGER,
  isJsonObject,
  type LiveObject,
  type ManagedFieldsEntry,
  type NamespacePlan,
} from "../model/index.ts";

type Texts = { readonly [name: string]: string };

export interface NamespaceWish {
  /** `<namespace>/<name>` of the application. */
  readonly application: string;
  /** Of spec.destination; absent where it wants nothing of any namespace. */
  readonly wanted?: { readonly name: string; readonly labels: Texts; readonly annotations: Texts };
  readonly createNamespace: boolean;
  /** By name, those that are there: what is wanted, and what the record names. */
  readonly live: ReadonlyMap<string, LiveObject>;
  /** What the ApplySet parent says of them (NAMESPACE_METADATA_ANNOTATION). */
  readonly record: string | undefined;
}

/** One manager for each application: two that share a namespace keep each its own labels. 128 bytes are allowed. */
function namespaceManager(application: string): string {
  const name = `${FIELD_MANAGER}:${application.replace("/", ".")}`;
  return name.length <= 128 ? name : `${name.slice(0, 110)}-${sha256(name).slice(0, 16)}`;
}

/** "shop=<hash>,old=<hash>" as pairs. */
function entriesOf(record: string | undefined): [string, string][] {
  const parts = (record ?? "").split(",").filter((part) => part !== "");
  return parts.map((part): [string, string] => [part.split("=")[0] ?? "", part.split("=")[1] ?? ""]);
}

/** Names of the namespaces on which the application has put something, by the parent's record. */
export function recordedNamespaces(record: string | undefined): readonly string[] {
  return entriesOf(record).map(([name]) => name);
}

/** What the parent says before the first write: old and new. */
export function joinedRecord(old: string | undefined, now: string | undefined): string | undefined {
  const joined = new Map([...entriesOf(old), ...entriesOf(now)]);
  return joined.size === 0 ? undefined : [...joined].map(([name, hash]) => `${name}=${hash}`).join(",");
}

export interface NamespacePlans {
  readonly namespaces: readonly NamespacePlan[];
  /** What the parent is to say when all is done. */
  readonly namespaceRecord?: string;
}

/** What becomes of the labels and annotations of namespaces that are no members: put, put back, and taken off where nothing wants them any more. */
export function planNamespaces(wish: NamespaceWish): NamespacePlans {
  const { application, wanted, record } = wish;
  const manager = namespaceManager(application);
  const left = recordedNamespaces(record).filter((name) => name !== wanted?.name);
  const released = left.flatMap((name) => releaseOf(name, manager, wish.live.get(name)) ?? []);
  if (wanted === undefined) return { namespaces: released };
  const hash = hashJson([wanted.labels, wanted.annotations]).slice(0, 16);
  const isKnown = entriesOf(record).some(([name, last]) => name === wanted.name && last === hash);
  const own = ownPlan({ ...wish, wanted, manager, isKnown });
  return { namespaces: [own, ...released], namespaceRecord: `${wanted.name}=${hash}` };
}

function releaseOf(name: string, manager: string, live: LiveObject | undefined): NamespacePlan | undefined {
  if (live === undefined || ourEntry(live, manager) === undefined) return undefined;
  const reason = "spec.destination wants nothing of it any more";
  return {
    ...{ name, manager, reason },
    action: "update",
    class: "pending",
    labels: {},
    annotations: {},
    conflicts: [],
  };
}

type Ending = Pick<NamespaceWish, "application" | "live" | "record">;

/** Its application is deleted: what we put there is taken off, or stays as its objects do, and nothing else of the namespace is touched. */
export function planNamespacesEnd({ application, live, record }: Ending, how: "orphan" | "prune"): NamespacePlans {
  const manager = namespaceManager(application);
  const left = recordedNamespaces(record).flatMap((name) => releaseOf(name, manager, live.get(name)) ?? []);
  if (how === "prune") return { namespaces: left.map((one) => ({ ...one, reason: "its application is deleted" })) };
  const reason = "its application is deleted, and leaves what it set";
  return { namespaces: left.map((one) => ({ ...one, reason, action: "release" })) };
}

interface Own extends NamespaceWish {
  readonly wanted: NonNullable<NamespaceWish["wanted"]>;
  readonly manager: string;
  /** The declaration said the same when it was applied last. */
  readonly isKnown: boolean;
}

function ownPlan({ wanted, manager, isKnown, live: all, createNamespace }: Own): NamespacePlan {
  const { name } = wanted;
  const live = all.get(name);
  if (live === undefined) {
    const reason = createNamespace ? "it is not there yet" : "it is not there, and createNamespace is off";
    const action = createNamespace ? "create" : "none";
    return { ...wanted, manager, action, ...(createNamespace ? { class: "pending" } : {}), reason, conflicts: [] };
  }
  const labels = settle("labels", { wanted: wanted.labels, live, manager });
  const annotations = settle("annotations", { wanted: wanted.annotations, live, manager });
  const changed = [...labels.changed, ...annotations.changed];
  const texts = { name, manager, labels: labels.ours, annotations: annotations.ours };
  const conflicts = [...labels.conflicts, ...annotations.conflicts].map((text) => `Namespace ${name}: ${text}`);
  if (changed.length === 0) return { ...texts, conflicts, action: "none", reason: "it is as spec.destination has it" };
  const moved = isKnown ? "it moved in the cluster" : "spec.destination moved";
  const reason = `${moved}: ${changed.join(", ")}`;
  return { ...texts, conflicts, action: "update", class: isKnown ? "drift" : "pending", reason };
}

interface Settled {
  /** What our entry is to hold. */
  readonly ours: Texts;
  readonly changed: readonly string[];
  readonly conflicts: readonly string[];
}

/** Who applies server-side keeps at it, as we would: such a field is left and named. What anybody else wrote is put back. */
function settle(
  what: "labels" | "annotations",
  { wanted, live, manager }: { readonly wanted: Texts; readonly live: LiveObject; readonly manager: string },
): Settled {
  const has = live.metadata[what] ?? {};
  const owned = keysOf(ourEntry(live, manager), what);
  const differing = Object.entries(wanted).filter(([key, value]) => has[key] !== value);
  const holders = new Map(differing.map(([key]) => [key, applierOf(live, what, { key, manager })]));
  const free = Object.entries(wanted).filter(([key]) => holders.get(key) === undefined);
  const gone = [...owned].filter((key) => wanted[key] === undefined);
  return {
    ours: Object.fromEntries(free),
    changed: [...differing.filter(([key]) => holders.get(key) === undefined).map(([key]) => key), ...gone],
    conflicts: differing.flatMap(([key, value]) => {
      const holder = holders.get(key);
      return holder === undefined ? [] : [`${key} is wanted as ${value}, and ${holder} has it as ${has[key]}`];
    }),
  };
}

function entries({ metadata: { managedFields } }: LiveObject): readonly ManagedFieldsEntry[] {
  return Array.isArray(managedFields) ? managedFields.filter(isJsonObject) : [];
}

function ourEntry(live: LiveObject, manager: string): ManagedFieldsEntry | undefined {
  return entries(live).find((entry) => entry.manager === manager && entry.operation === "Apply");
}

function applierOf(
  live: LiveObject,
  what: "labels" | "annotations",
  { key, manager }: { readonly key: string; readonly manager: string },
): string | undefined {
  const applied = entries(live).filter((entry) => entry.operation === "Apply" && entry.manager !== manager);
  return applied.find((entry) => keysOf(entry, what).has(key))?.manager;
}

function keysOf(entry: ManagedFieldsEntry | undefined, what: "labels" | "annotations"): ReadonlySet<string> {
  const metadata = entry?.fieldsV1?.["f:metadata"];
  const fields = isJsonObject(metadata) ? metadata[`f:${what}`] : undefined;
  const names = isJsonObject(fields) ? Object.keys(fields) : [];
  return new Set(names.filter((name) => name.startsWith("f:")).map((name) => name.slice(2)));
}

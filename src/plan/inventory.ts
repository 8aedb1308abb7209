import { sha256 } from "../kit/hash.ts";
import {
  APPLICATION_ANNOTATION,
  APPLIED_REVISION_ANNOTATION,
  APPLIED_SET_ANNOTATION,
  APPLYSET_GROUP_KINDS,
  APPLYSET_ID_LABEL,
  APPLYSET_NAMESPACES,
  APPLYSET_TOOLING,
  DECLARED_BY_ANNOTATION,
  DELETION_ANNOTATION,
  type Declaration,
  groupKindKey,
  HOOKS_ANNOTATION,
  type HookRecord,
  ID_ANNOTATION,
  type Inventory,
  type InventoryScope,
  type KubeObject,
  type LiveObject,
  NAMESPACE_METADATA_ANNOTATION,
  PART_OF_LABEL,
  PROJECT_ANNOTATION,
  RELEASE_ANNOTATION,
  type Ref,
  refKey,
  SERVICE_ACCOUNT_ANNOTATION,
} from "../model/index.ts";
import { formatHookRecord, parseHookRecord } from "./hook-record.ts";

const LONGEST_NAME = 253;

/** The ConfigMap that stands for the application's set of objects: `<namespace>.<name>`, shortened with a hash where that is too long. */
export function parentRef(application: string, inventoryNamespace: string): Ref {
  const plain = application.replace("/", ".");
  const name =
    plain.length <= LONGEST_NAME ? plain : `${plain.slice(0, LONGEST_NAME - 17)}-${sha256(plain).slice(0, 16)}`;
  return { group: "", version: "v1", kind: "ConfigMap", namespace: inventoryNamespace, name };
}

/** The set that was asked for last: one application's plan asks once for each of its objects. */
let lastAsked: { readonly application: string; readonly inventoryNamespace: string; readonly id: string } | undefined;

/** KEP-3659: `applyset-<base64url(sha256("<name>.<namespace>.<kind>.<group>"))>-v1` of the parent. */
export function applySetId(application: string, inventoryNamespace: string): string {
  if (lastAsked?.application === application && lastAsked.inventoryNamespace === inventoryNamespace)
    return lastAsked.id;
  const { name, namespace, kind, group } = parentRef(application, inventoryNamespace);
  const digest = Buffer.from(sha256(`${name}.${namespace}.${kind}.${group}`), "hex").toString("base64url");
  lastAsked = { application, inventoryNamespace, id: `applyset-${digest}-v1` };
  return lastAsked.id;
}

/** Does the object carry the label of this application's set. */
export function isMember(
  object: KubeObject,
  { application, inventoryNamespace }: { readonly application: string; readonly inventoryNamespace: string },
): boolean {
  return object.metadata.labels?.[PART_OF_LABEL] === applySetId(application, inventoryNamespace);
}

/** What every member says of itself; a copy of a member carries the id of the original. */
export function idAnnotation(application: string, ref: Ref): string {
  return `${application.replace("/", ".")}:${refKey(ref)}`;
}

/** Whose member an object with this id is: `<namespace>/<name>`. An application's namespace has no dot. */
export function applicationOfId(id: string | undefined): string | undefined {
  const colon = id?.indexOf(":") ?? -1;
  return id === undefined || colon < 0 ? undefined : id.slice(0, colon).replace(".", "/");
}

/** Does the object carry the id of exactly itself. */
export function hasOwnId(application: string, ref: Ref, object: KubeObject): boolean {
  return object.metadata.annotations?.[ID_ANNOTATION] === idAnnotation(application, ref);
}

/** The parent as it is to be applied. A parent without set hash claims no whole pass. */
export function parentObject(
  {
    id,
    parent,
    release,
    declaration,
    namespaceRecord,
  }: Pick<Inventory, "id" | "parent" | "release" | "declaration" | "namespaceRecord">,
  scope: InventoryScope,
  {
    application,
    setHash,
    revision,
    hooks,
  }: {
    readonly application: string;
    readonly setHash?: string;
    readonly revision?: string;
    readonly hooks?: HookRecord | undefined;
  },
): KubeObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: parent.name,
      namespace: parent.namespace ?? "",
      labels: { [APPLYSET_ID_LABEL]: id },
      annotations: {
        [APPLYSET_TOOLING]: "plumbline/v1alpha1",
        [APPLYSET_GROUP_KINDS]: scope.groupKinds.join(","),
        [APPLYSET_NAMESPACES]: scope.namespaces.join(","),
        [APPLICATION_ANNOTATION]: application,
        ...(release === undefined ? {} : { [RELEASE_ANNOTATION]: release }),
        ...(declaration === undefined ? {} : { [DECLARED_BY_ANNOTATION]: declaration.by }),
        ...(declaration?.deletion === "prune" ? { [DELETION_ANNOTATION]: "prune" } : {}),
        ...(declaration?.project === undefined ? {} : { [PROJECT_ANNOTATION]: declaration.project }),
        ...(declaration?.serviceAccount === undefined
          ? {}
          : { [SERVICE_ACCOUNT_ANNOTATION]: declaration.serviceAccount }),
        ...(namespaceRecord === undefined ? {} : { [NAMESPACE_METADATA_ANNOTATION]: namespaceRecord }),
        ...(setHash === undefined ? {} : { [APPLIED_SET_ANNOTATION]: setHash }),
        ...(revision === undefined ? {} : { [APPLIED_REVISION_ANNOTATION]: revision }),
        ...(hooks === undefined || isEmpty(hooks) ? {} : { [HOOKS_ANNOTATION]: formatHookRecord(hooks) }),
      },
    },
  };
}

export function scopeOf(parent: LiveObject): NonNullable<Inventory["current"]> {
  const { annotations = {} } = parent.metadata;
  const appliedSet = annotations[APPLIED_SET_ANNOTATION];
  const appliedRevision = annotations[APPLIED_REVISION_ANNOTATION];
  const release = annotations[RELEASE_ANNOTATION];
  const namespaceRecord = annotations[NAMESPACE_METADATA_ANNOTATION];
  const hooks = parseHookRecord(annotations[HOOKS_ANNOTATION]);
  const declaration = declarationOn(parent);
  return {
    groupKinds: list(annotations[APPLYSET_GROUP_KINDS]),
    namespaces: list(annotations[APPLYSET_NAMESPACES]),
    ...(appliedSet === undefined ? {} : { appliedSet }),
    ...(appliedRevision === undefined ? {} : { appliedRevision }),
    ...(release === undefined ? {} : { release }),
    ...(hooks === undefined ? {} : { hooks }),
    ...(declaration === undefined ? {} : { declaration }),
    ...(namespaceRecord === undefined ? {} : { namespaceRecord }),
  };
}

function isEmpty({ ended, failed }: HookRecord): boolean {
  return ended.length + failed.length === 0;
}

/** Who declared the application when its parent was last written, and what was to become of its objects. */
function declarationOn({ metadata: { annotations = {} } }: LiveObject): Declaration | undefined {
  const by = annotations[DECLARED_BY_ANNOTATION];
  if (by === undefined) return undefined;
  const { [PROJECT_ANNOTATION]: project, [SERVICE_ACCOUNT_ANNOTATION]: serviceAccount } = annotations;
  return {
    by,
    deletion: annotations[DELETION_ANNOTATION] === "prune" ? "prune" : "orphan",
    ...(project === undefined ? {} : { project }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
}

export function sameDeclaration(one: Declaration | undefined, other: Declaration | undefined): boolean {
  const fields = ["by", "deletion", "project", "serviceAccount"] as const;
  return fields.every((field) => one?.[field] === other?.[field]);
}

/** Group-kinds and namespaces of some objects; the parent's own namespace is not additional. */
export function scopeOfRefs(refs: Iterable<Ref>, inventoryNamespace: string): InventoryScope {
  const groupKinds = new Set<string>();
  const namespaces = new Set<string>();
  for (const ref of refs) {
    groupKinds.add(groupKindKey(ref));
    if (ref.namespace !== undefined && ref.namespace !== inventoryNamespace) namespaces.add(ref.namespace);
  }
  return { groupKinds: [...groupKinds].sort(), namespaces: [...namespaces].sort() };
}

export function union(a: InventoryScope, b: InventoryScope): InventoryScope {
  return {
    groupKinds: [...new Set([...a.groupKinds, ...b.groupKinds])].sort(),
    namespaces: [...new Set([...a.namespaces, ...b.namespaces])].sort(),
  };
}

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .filter((item) => item !== "")
    .sort();
}

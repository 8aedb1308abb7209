import { annotationRules, normaliseDesired } from "../diff/index.ts";
import { compareText } from "../kit/compare-text.ts";
import { hashJson } from "../kit/hash.ts";
import {
  APPLIED_ANNOTATION,
  formatOrigin,
  formatRef,
  ID_ANNOTATION,
  type KubeObject,
  type Manifest,
  PART_OF_LABEL,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";
import { adoptionWishProblem } from "./adoption.ts";
import { applyWishProblem } from "./apply-wishes.ts";
import { dependsOnProblem } from "./depends-on.ts";
import { hookProblem, hookWishOf } from "./hook-wish.ts";
import { applySetId, idAnnotation, parentRef } from "./inventory.ts";
import { byPlace } from "./order.ts";
import { orderProblem } from "./stages.ts";
import type { Prepared } from "./types.ts";

export interface PrepareOptions {
  /** `<namespace>/<name>` */
  readonly application: string;
  readonly inventoryNamespace: string;
  /** Where namespaced objects go that name no namespace. */
  readonly destinationNamespace?: string;
  /** Is the kind namespaced; a Problem where the server does not know it. */
  readonly namespaced: (ref: Ref) => boolean | Problem;
}

/** Makes manifests ready to compare and to apply: one answer each, in their order. Duplicates and unknown kinds are problems of their own objects. */
export function prepare(manifests: readonly Manifest[], options: PrepareOptions): Prepared[] {
  const settled = namedBySet(manifests, options);
  const byKey = Map.groupBy(settled, ({ ref }) => refKey(ref));
  return settled.map((one) => {
    const same = byKey.get(refKey(one.ref)) ?? [];
    return same.length < 2 || one.problem !== undefined ? one : { ...one, problem: duplicate(one.ref, same) };
  });
}

/** A hook with a generateName is another object in each set, and the same one in each pass of that: its name ends with the set's hash. */
function namedBySet(manifests: readonly Manifest[], options: PrepareOptions): Prepared[] {
  const settled = manifests.map((manifest) => prepareOne(manifest, options));
  if (!settled.some(isGenerated)) return settled;
  const set = setHashOf(settled).slice(0, 8);
  return settled.map((one, i) => {
    const manifest = manifests[i];
    if (manifest === undefined || !isGenerated(one)) return one;
    const { generateName: _, ...metadata } = manifest.object.metadata as KubeObject["metadata"] & Generated;
    const name = `${metadata.name}-${set}`;
    const object = { ...manifest.object, metadata: { ...metadata, name } };
    return prepareOne({ ...manifest, ref: { ...manifest.ref, name }, object }, options);
  });
}

interface Generated {
  readonly generateName?: string;
}

function isGenerated({ hook, object: { metadata } }: Prepared): boolean {
  return hook !== undefined && typeof (metadata as Generated).generateName === "string";
}

/** A list that is passed over again and again is hashed once. */
const setHashes = new WeakMap<readonly Prepared[], string>();

/** sha256 over what a set of manifests says; the order of the manifests does not count. */
export function setHashOf(prepared: readonly Prepared[]): string {
  const known = setHashes.get(prepared);
  if (known !== undefined) return known;
  const made = hashOfSet(prepared);
  setHashes.set(prepared, made);
  return made;
}

function hashOfSet(prepared: readonly Prepared[]): string {
  const said = prepared.map(({ ref, hash }) => ({ key: refKey(ref), hash }));
  said.sort((a, b) => compareText(a.key, b.key) || compareText(a.hash, b.hash));
  return hashJson(said.map(({ key, hash }) => [key, hash]));
}

function prepareOne({ ref, object, origin }: Manifest, options: PrepareOptions): Prepared {
  const where = `${formatOrigin(origin)} ${formatRef(ref)}`;
  const scope = settleNamespace(ref, where, options);
  const { object: normal, warnings } = normaliseDesired(withNamespace(object, scope.ref));
  const hash = hashJson(normal);
  const wishes =
    orderProblem(object, where) ??
    dependsOnProblem(object, where) ??
    hookProblem(object, where) ??
    adoptionWishProblem(object, where) ??
    applyWishProblem(object, where) ??
    ignoreProblem(normal, where);
  const hook = hookWishOf(object);
  const problem = scope.problem ?? wishes ?? parentProblem(scope.ref, where, options);
  return {
    ref: scope.ref,
    object: stamp(normal, { ...options, ref: scope.ref, hash }),
    hash,
    origin,
    warnings: [...warnings.map((text) => `${where}: ${text}`), ...scope.warnings],
    ...(problem === undefined ? {} : { problem }),
    ...(hook === undefined || hookProblem(object, where) !== undefined ? {} : { hook }),
  };
}

interface Settled {
  readonly ref: Ref;
  readonly warnings: readonly string[];
  readonly problem?: Problem;
}

function settleNamespace(ref: Ref, where: string, { namespaced, destinationNamespace }: PrepareOptions): Settled {
  const answer = namespaced(ref);
  if (typeof answer === "object") return { ref, warnings: [], problem: { ...answer, where } };
  const { namespace, ...bare } = ref;
  if (!answer) {
    const warnings =
      namespace === undefined
        ? []
        : [`${where}: ${ref.kind} lives outside namespaces; metadata.namespace was left out`];
    return { ref: bare, warnings };
  }
  const settled = namespace ?? destinationNamespace;
  if (settled !== undefined) return { ref: { ...bare, namespace: settled }, warnings: [] };
  const message = `${formatRef(ref)} needs a namespace, and neither it nor the application names one`;
  return { ref, warnings: [], problem: toProblem(new PlumblineError("PL-MANIFEST-NAMESPACE", { message, where })) };
}

function withNamespace(object: KubeObject, { namespace }: Ref): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata: namespace === undefined ? metadata : { ...metadata, namespace } };
}

function stamp(
  object: KubeObject,
  { ref, hash, application, inventoryNamespace }: PrepareOptions & { ref: Ref; hash: string },
): KubeObject {
  const { labels, annotations } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, [PART_OF_LABEL]: applySetId(application, inventoryNamespace) },
      annotations: { ...annotations, [ID_ANNOTATION]: idAnnotation(application, ref), [APPLIED_ANNOTATION]: hash },
    },
  };
}

/** The object as it is before it is a member: an adoption that takes several applies stamps it with the last. */
export function withoutStamp(object: KubeObject): KubeObject {
  const { [PART_OF_LABEL]: _set, ...labels } = object.metadata.labels ?? {};
  const { [ID_ANNOTATION]: _id, [APPLIED_ANNOTATION]: _hash, ...annotations } = object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, labels, annotations } };
}

/** A rule that cannot be read might have kept a field from being reset: the object is left alone until it is mended. */
function ignoreProblem(object: KubeObject, where: string): Problem | undefined {
  try {
    annotationRules(object);
    return undefined;
  } catch (error) {
    const problem = toProblem(error);
    return { ...problem, where: `${where}, ${problem.where ?? ""}` };
  }
}

/** Plumbline's own records are nobody's manifests. */
function parentProblem(
  ref: Ref,
  where: string,
  { inventoryNamespace, application }: PrepareOptions,
): Problem | undefined {
  if (refKey(ref) !== refKey(parentRef(application, inventoryNamespace))) return undefined;
  const message = `${formatRef(ref)} is where Plumbline keeps the inventory of ${application}`;
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where, next: "rename the object" }));
}

function duplicate(ref: Ref, same: readonly Prepared[]): Problem {
  const places = [...same]
    .sort(byPlace)
    .map(({ origin }) => formatOrigin(origin))
    .join(" and ");
  const message = `${formatRef(ref)} is described ${same.length} times: ${places}`;
  return toProblem(new PlumblineError("PL-MANIFEST-DUPLICATE", { message, where: places }));
}

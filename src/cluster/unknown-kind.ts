import {
  apiVersionOf,
  type GroupVersionKind,
  type KindLifecycle,
  lifecycleOf,
  moveAdvice,
  PlumblineError,
  parseApiVersion,
} from "../model/index.ts";
import type { ServedKinds } from "./served-kinds.ts";
import type { ApiResource } from "./types.ts";

/** Versions as Kubernetes names them: v1, v2beta1. Source: Kubernetes, "API versioning". */
const VERSION = /^v[1-9][0-9]*((alpha|beta)[1-9][0-9]*)?$/;

/**
 * Why the server has no such kind. PL-KIND-REMOVED where it has the kind in other versions, or had it once; else PL-KIND-UNKNOWN,
 * with the kinds and group versions whose names come near.
 */
export function unknownKindError(kind: GroupVersionKind, served: ServedKinds): PlumblineError {
  const asked = `${apiVersionOf(kind)} ${kind.kind}`;
  const life = lifecycleOf(kind);
  const other = served.preferred(kind) ?? successorOf(kind.kind, life, served);
  const versions = other?.servedVersions.map((version) => apiVersionOf({ group: other.group, version })).join(", ");
  const instead = other === undefined ? "" : `; it serves ${other.kind} as ${versions}`;
  if (life?.removed !== undefined) {
    const message = `the server does not serve ${asked} (gone from Kubernetes ${life.removed} on)${instead}`;
    return new PlumblineError("PL-KIND-REMOVED", { message, where: asked, next: moveAdvice(kind, life) });
  }
  if (other !== undefined && VERSION.test(kind.version)) {
    return new PlumblineError("PL-KIND-REMOVED", {
      message: `the server does not serve ${asked}${instead}`,
      where: asked,
      next: `use apiVersion: ${apiVersionOf(other)}`,
    });
  }
  return misspelt(kind, asked, served);
}

/** The kind in the group to which it moved. */
function successorOf(kind: string, life: KindLifecycle | undefined, served: ServedKinds): ApiResource | undefined {
  const [apiVersion, renamed = kind] = life?.replacement?.split(" ") ?? [];
  return apiVersion === undefined ? undefined : served.preferred({ ...parseApiVersion(apiVersion), kind: renamed });
}

function misspelt(kind: GroupVersionKind, asked: string, served: ServedKinds): PlumblineError {
  const near = nearest(kind, served);
  const versions = [...new Set(served.all().flatMap((one) => (one.group === kind.group ? [apiVersionOf(one)] : [])))];
  const group = kind.group === "" ? "the core group" : `group ${kind.group}`;
  const known = versions.length > 0 ? `; ${group} is served as ${versions.join(", ")}` : `; there is no ${group}`;
  return new PlumblineError("PL-KIND-UNKNOWN", {
    message: `the server knows no ${asked}${known}${near.length > 0 ? `; near it: ${near.join(", ")}` : ""}`,
    where: asked,
    ...(near[0] === undefined ? {} : { next: `did you mean ${near[0]}? Else install the CustomResourceDefinition` }),
  });
}

const MOST_NAMED = 3;

/** Kinds whose names differ in a few letters, the nearest first; with the same kind in another group at the head. */
function nearest(kind: GroupVersionKind, served: ServedKinds): string[] {
  const limit = Math.max(1, Math.min(3, Math.floor(kind.kind.length / 3)));
  const asked = kind.kind.toLowerCase();
  const scored = new Map<string, number>();
  for (const one of served.all()) {
    const distance = editDistance(asked, one.kind.toLowerCase(), limit);
    if (distance > limit) continue;
    const name = `${apiVersionOf(one)} ${one.kind}`;
    const preferred = one.servedVersions[0] === one.version ? 0 : 0.25;
    scored.set(name, distance + (one.group === kind.group ? 0 : 0.5) + preferred);
  }
  return [...scored]
    .sort(([, a], [, b]) => a - b)
    .slice(0, MOST_NAMED)
    .map(([name]) => name);
}

/** Letters to insert, delete, replace or swap with the next (optimal string alignment). Above `limit` any number above it may come. */
export function editDistance(one: string, other: string, limit: number): number {
  if (Math.abs(one.length - other.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const plain = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      row.push(swapped ? Math.min(plain, at(before, j - 2) + 1) : plain);
    }
    before = last;
    last = row;
  }
  return at(last, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}

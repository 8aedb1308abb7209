import { isDeepStrictEqual } from "node:util";
import type { KubeObject } from "../../../src/model/index.ts";

/** Where `here` is not what `upstream` is, a line or three each; empty when they hold the same objects, in whatever order. */
export function differences(upstream: readonly KubeObject[], here: readonly KubeObject[]): string[] {
  const wanted = byIdentity(upstream);
  const got = byIdentity(here);
  const found: string[] = [];
  for (const [id, object] of wanted) {
    const other = got.get(id);
    if (other === undefined) found.push(`missing here: ${id}`);
    else if (!isDeepStrictEqual(object, other)) found.push(...firstDifference(id, object, other));
  }
  for (const id of got.keys()) if (!wanted.has(id)) found.push(`only here: ${id}`);
  return found;
}

/** apiVersion, kind, namespace and name of each object; copies of one are counted. */
function byIdentity(objects: readonly KubeObject[]): Map<string, KubeObject> {
  const found = new Map<string, KubeObject>();
  for (const object of objects) {
    const { namespace = "", name } = object.metadata;
    const id = `${object.apiVersion} ${object.kind} ${namespace}/${name}`;
    let key = id;
    for (let copy = 2; found.has(key); copy++) key = `${id} (${copy})`;
    found.set(key, object);
  }
  return found;
}

function firstDifference(id: string, upstream: unknown, here: unknown): string[] {
  const { path, wanted, got } = descend("", upstream, here);
  return [`${id} differs at ${path || "/"}`, `  upstream ${shown(wanted)}`, `  here     ${shown(got)}`];
}

interface Place {
  readonly path: string;
  readonly wanted: unknown;
  readonly got: unknown;
}

function descend(path: string, wanted: unknown, got: unknown): Place {
  if (!isBranch(wanted) || !isBranch(got) || Array.isArray(wanted) !== Array.isArray(got)) return { path, wanted, got };
  for (const key of new Set([...Object.keys(wanted), ...Object.keys(got)])) {
    if (!isDeepStrictEqual(wanted[key], got[key])) {
      return descend(`${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, wanted[key], got[key]);
    }
  }
  return { path, wanted, got };
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value).slice(0, 500);
}

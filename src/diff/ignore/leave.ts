import { compareText } from "../../kit/compare-text.ts";
import {
  type IgnoreRule,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LeftField,
  refOf,
} from "../../model/index.ts";
import {
  elementsOf,
  type FieldPath,
  formatPath,
  isList,
  jsonOf,
  pointerOf,
  schemaAtPath,
  valueAtPath,
} from "../field-path.ts";
import { type FieldTree, NO_FIELDS } from "../field-set.ts";
import { maskChange } from "../mask.ts";
import { type Ownership, ownerOf, readOwnership } from "../ownership.ts";
import type { CompareInput } from "../types.ts";
import { autoscalerRule, builtInRules } from "./built-in.ts";
import { annotationRules, type FieldRule } from "./field-rule.ts";
import { fillIn } from "./fill-in.ts";
import { isCovered, type Leaving, type LeftPlace, leftPlaces, treeOfPlaces } from "./left-places.ts";
import { strip } from "./strip.ts";

/** What of one object is left to others. */
export interface Left {
  /** The place itself is left, or something above it. */
  covers(path: FieldPath): boolean;
  /** Something below the place is left. */
  reaches(path: FieldPath): boolean;
  /** A value of live that is owned as one, without the parts that are left. */
  stripLive(path: FieldPath, value: Json): Json;
  stripDryRun(path: FieldPath, value: Json): Json;
  /** The manifest without what is left. */
  readonly desired: KubeObject;
  /** What an apply sends, so that nothing that is left changes. */
  readonly sent: KubeObject;
  readonly fields: readonly LeftField[];
  /** The rules of application and settings that named a place, as they are written. */
  readonly matched: readonly IgnoreRule[];
}

type LeaveInput = Pick<CompareInput, "desired" | "live" | "schema" | "ignore" | "autoscaler" | "dryRun">;

/** Every rule that is about the object: the application's, the settings', its annotation's, the built-in ones. Errors: PL-IGNORE-INVALID. */
function rulesFor({ desired, live, ignore, autoscaler }: LeaveInput): readonly FieldRule[] {
  const ref = refOf(desired);
  const given = ignore?.about(ref) ?? [];
  const annotated = annotationRules(desired);
  const builtIn = builtInRules(`${ref.group}/${ref.kind}`, { desired, live });
  if (annotated.length === 0 && builtIn.length === 0 && autoscaler === undefined) return given;
  return [...given, ...annotated, ...builtIn, ...(autoscaler === undefined ? [] : [autoscalerRule(autoscaler)])];
}

const NOBODY: Ownership = { ours: undefined, others: [] };

/** What the rules leave of this object; undefined where none is about it, and nothing needs to be looked at. `known`: whose its fields are by the
 *  time of the apply, where that is not what live says. */
export function leave(input: LeaveInput, known?: Ownership): Left | undefined {
  const rules = rulesFor(input);
  if (rules.length === 0) return undefined;
  const { desired, live, schema } = input;
  const ownership = known ?? (live === undefined ? NOBODY : readOwnership(live));
  return leftBy({ rules, desired, live, schema, ownership }, input.dryRun && jsonOf(input.dryRun));
}

function leftBy(leaving: Leaving, dryRun?: JsonObject): Left {
  const { desired, live, schema } = leaving;
  const manifest = jsonOf(desired);
  const inManifest = leftPlaces(manifest, leaving);
  const inLive = live === undefined ? [] : leftPlaces(jsonOf(live), leaving);
  const [own, other] = [treeOfPlaces(inManifest), treeOfPlaces(inLive)];
  const inDryRun = dryRun === undefined ? NO_FIELDS : treeOfPlaces(leftPlaces(dryRun, leaving));
  const root = { schema, whole: false };
  const stripBy = (tree: FieldTree) => (path: FieldPath, value: Json) => {
    const left = { own: treeAt(tree, path), other: treeAt(own, path) };
    return strip(value, left, { schema: schemaAtPath(schema, path), whole: false }) ?? (isList(value) ? [] : {});
  };
  return {
    covers: (path) => isCovered(own, path) || isCovered(other, path),
    reaches: (path) => treeAt(own, path).children.size > 0 || treeAt(other, path).children.size > 0,
    stripLive: stripBy(other),
    stripDryRun: stripBy(inDryRun),
    desired: named(strip(manifest, { own, other }, root), desired),
    sent: live === undefined ? desired : sentOf(leaving, [inManifest, inLive]),
    fields: bothOf(inManifest, inLive, leaving)
      .flatMap((both) => leftField(both, leaving))
      .sort((one, another) => compareText(one.path, another.path)),
    matched: [...new Set([...inManifest, ...inLive].flatMap(({ rule }) => rule.written ?? []))],
  };
}

/** Rules by which Git's own value asks the server for something do not hold back what is sent. */
function sentOf({ desired, live, schema, ownership }: Leaving, places: readonly (readonly LeftPlace[])[]): KubeObject {
  const [own = NO_FIELDS, other = NO_FIELDS] = places.map((some) =>
    treeOfPlaces(some.filter(({ rule }) => rule.isSent !== true)),
  );
  const filled = fillIn({
    desired: jsonOf(desired),
    live: live && jsonOf(live),
    left: { own, other },
    ours: ownership.ours?.fields ?? NO_FIELDS,
    schema,
    whole: false,
  });
  return named(filled, desired);
}

function treeAt(tree: FieldTree, path: FieldPath): FieldTree {
  return path.reduce((node, { element }) => node.children.get(element) ?? NO_FIELDS, tree);
}

/** An object keeps its names, whatever is left of it. */
function named(value: Json | undefined, { apiVersion, kind, metadata }: KubeObject): KubeObject {
  const rest = isJsonObject(value) ? value : {};
  const kept = isJsonObject(rest["metadata"]) ? rest["metadata"] : {};
  const { name, namespace } = metadata;
  return { ...rest, apiVersion, kind, metadata: { ...kept, name, ...(namespace !== undefined && { namespace }) } };
}

/** One place as both documents have it. */
interface Both {
  readonly place: LeftPlace;
  readonly desired: Json | undefined;
  readonly live: Json | undefined;
}

/** Each place once, by the first rule that names it, without those inside of another one. */
function bothOf(inManifest: readonly LeftPlace[], inLive: readonly LeftPlace[], leaving: Leaving): Both[] {
  const { desired, live, schema } = leaving;
  const all = treeOfPlaces([...inManifest, ...inLive]);
  const found = new Map<string, Both>();
  for (const place of inLive) {
    const key = formatPath(place.path);
    const wanted = valueAtPath(jsonOf(desired), place.path, schema);
    if (!found.has(key)) found.set(key, { place, desired: wanted, live: place.value });
  }
  for (const place of inManifest) {
    const key = formatPath(place.path);
    const there = found.get(key);
    const got = there?.live ?? (live && valueAtPath(jsonOf(live), place.path, schema));
    found.set(key, { place: there?.place ?? place, desired: place.value, live: got });
  }
  return [...found.values()].filter(({ place: { path } }) => path.length === 1 || !isCovered(all, path.slice(0, -1)));
}

/** One entry a field that Git names or somebody else has: what only the server knows of needs no word. */
function leftField({ place, desired: wanted, live: got }: Both, { desired, live, ownership }: Leaving): LeftField[] {
  const { path, rule } = place;
  const owner = ownerOf(ownership.others, elementsOf(path));
  if (wanted === undefined && owner === undefined) return [];
  const field = {
    path: formatPath(path),
    pointer: pointerOf(path),
    ...(wanted !== undefined && { desired: wanted }),
    ...(got !== undefined && { live: got }),
    to: rule.to ?? owner?.entry.manager ?? "whoever takes it",
    reason: rule.reason,
    source: rule.source,
  };
  return [maskChange(live ?? desired, field)];
}

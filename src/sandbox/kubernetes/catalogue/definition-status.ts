import { isDeepStrictEqual } from "node:util";
import type { JsonObject, LiveObject } from "../../../model/index.ts";
import { conditionOf, objectAt, objectsAt, text, texts } from "./definition-parts.ts";

/**
 * What the server says of a definition: which of its names it has, and whether it is served. Each name is accepted unless another
 * definition of the group has it; the reason tells of the last that is not. Once established, a definition stays so.
 * `now`: RFC 3339. `others`: the definitions beside it. Source: apiextensions-apiserver, the naming and establishing controllers.
 */
export function definitionStatus(definition: LiveObject, now: string, others: readonly LiveObject[]): JsonObject {
  const spec = objectAt(definition, "spec");
  const before = objectAt(definition, "status");
  const { names, refusal } = acceptNames(spec, objectAt(before, "acceptedNames"), others);
  const accepted =
    refusal === undefined
      ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
      : { type: "NamesAccepted", status: "False", ...refusal };
  const established = refusal === undefined || conditionOf(before, "Established")?.["status"] === "True";
  return {
    conditions: [accepted, established ? ESTABLISHED : NOT_ACCEPTED].map((condition) =>
      since(condition, conditionOf(before, condition.type), now),
    ),
    acceptedNames: names,
    storedVersions: storedVersions(spec, before),
  };
}

const ESTABLISHED = {
  type: "Established",
  status: "True",
  reason: "InitialNamesAccepted",
  message: "the initial names have been accepted",
};

const NOT_ACCEPTED = {
  type: "Established",
  status: "False",
  reason: "NotAccepted",
  message: "not all names are accepted",
};

interface Refusal {
  readonly reason: string;
  readonly message: string;
}

interface Taken {
  /** Plurals, singulars and short names are one namespace. */
  readonly resources: ReadonlySet<string>;
  /** So are kinds and the kinds of lists. */
  readonly kinds: ReadonlySet<string>;
}

const NAMES = [
  { field: "plural", among: "resources", reason: "PluralConflict" },
  { field: "singular", among: "resources", reason: "SingularConflict" },
  { field: "shortNames", among: "resources", reason: "ShortNamesConflict" },
  { field: "kind", among: "kinds", reason: "KindConflict" },
  { field: "listKind", among: "kinds", reason: "ListKindConflict" },
] as const;

function acceptNames(
  spec: JsonObject,
  before: JsonObject,
  others: readonly LiveObject[],
): { readonly names: JsonObject; readonly refusal: Refusal | undefined } {
  const taken = takenIn(spec["group"], others);
  const wanted = objectAt(spec, "names");
  const names: { [name: string]: JsonObject[string] } = { plural: "", kind: "", ...before };
  let refusal: Refusal | undefined;
  for (const { field, among, reason } of NAMES) {
    const own = new Set(listed(before[field]));
    const lost = listed(wanted[field]).filter((name) => !own.has(name) && taken[among].has(name));
    if (lost.length > 0) refusal = { reason, message: inUse(lost) };
    else if (!isDeepStrictEqual(names[field], wanted[field])) replace(names, field, wanted[field]);
  }
  replace(names, "categories", wanted["categories"]);
  return { names, refusal };
}

function replace(names: { [name: string]: JsonObject[string] }, field: string, value: JsonObject[string] | undefined) {
  if (value === undefined) delete names[field];
  else names[field] = value;
}

function listed(value: JsonObject[string] | undefined): string[] {
  return typeof value === "string" ? [value] : texts(value);
}

function inUse(names: readonly string[]): string {
  const sentences = names.map((name) => `${JSON.stringify(name)} is already in use`);
  return sentences.length === 1 ? (sentences[0] ?? "") : `[${sentences.join(", ")}]`;
}

function takenIn(group: JsonObject[string] | undefined, others: readonly LiveObject[]): Taken {
  const accepted = others
    .filter((other) => objectAt(other, "spec")["group"] === group)
    .map((other) => objectAt(objectAt(other, "status"), "acceptedNames"));
  const namesOf = (among: keyof Taken) =>
    accepted.flatMap((names) =>
      NAMES.filter((one) => one.among === among).flatMap(({ field }) => listed(names[field])),
    );
  return { resources: new Set(namesOf("resources")), kinds: new Set(namesOf("kinds")) };
}

function since(condition: JsonObject, before: JsonObject | undefined, now: string): JsonObject {
  const same = before !== undefined && before["status"] === condition["status"];
  return { ...condition, lastTransitionTime: same ? (before["lastTransitionTime"] ?? now) : now };
}

function storedVersions(spec: JsonObject, before: JsonObject): string[] {
  const storage = objectsAt(spec, "versions").find((version) => version["storage"] === true);
  const known = texts(before["storedVersions"]);
  const name = text(storage?.["name"]);
  return storage === undefined || known.includes(name) ? known : [...known, name];
}

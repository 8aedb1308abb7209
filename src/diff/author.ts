import type { FieldAuthor, FieldChange, LiveObject, ManagedFieldsEntry } from "../model/index.ts";
import { labelOf } from "./field-path.ts";
import type { FieldTree } from "./field-set.ts";
import { isTime, mayBeNewer, newestFirst, type Owner, type Ownership, ownersOf, readOwnership } from "./ownership.ts";

/** The server takes no longer name, and none with characters that cannot be printed.
 *  Source: apimachinery, ValidateFieldManager. */
const LONGEST_NAME = 128;
const LONGEST_SUBRESOURCE = 64;
const MOST_AUTHORS = 8;
/** The server itself keeps about ten that update. Source: apimachinery, DefaultMaxUpdateManagers. */
const MOST_ASKED = 16;

type Authors = FieldAuthor & Pick<FieldChange, "coOwners" | "likely">;

/** Who has a field that is there: the one that took it last, with those that have it too. Where no other has it, we may. */
export function authorsOf({ ours, others, previous = [] }: Ownership, elements: readonly string[]): Authors {
  const [last, ...more] = ownersOf([...others, ...previous], elements);
  if (last === undefined) return authorOf(ownersOf(ours ? [ours] : [], elements)[0]);
  return { ...authorOf(last), ...listed("coOwners", more) };
}

/** Of a field that is known to be this writer's. Among forged thousands of writers not all are asked whether they have it too. */
export function foreignAuthors(last: Owner, others: readonly Owner[], elements: readonly string[]): Authors {
  const asked = others.slice(0, MOST_ASKED).filter((other) => other !== last);
  return { ...authorOf(last), ...listed("coOwners", ownersOf(asked, elements)) };
}

/** Of what the server notes no owner for (a removed field, the order of a list): who may have done it. One who wrote before our last apply
 *  has not, for that apply put everything right; one who wrote through a subresource could not. */
export function likelyAuthors({ ours, others }: Ownership): Authors {
  if (ours === undefined) return {};
  return listed("likely", newestFirst(others.filter((one) => !one.entry.subresource && mayBeNewer(one, ours))));
}

function listed<Name extends "coOwners" | "likely">(
  name: Name,
  owners: readonly Owner[],
): Pick<Authors, Name> | object {
  return owners.length === 0 ? {} : { [name]: owners.slice(0, MOST_AUTHORS).map(authorOf) };
}

function authorOf(owner: Owner | undefined): FieldAuthor {
  return owner === undefined ? {} : authorIn(owner.entry);
}

function authorIn({ manager, operation, subresource, time }: ManagedFieldsEntry): FieldAuthor {
  return {
    ...(typeof manager === "string" && { manager: named(manager, LONGEST_NAME) }),
    ...((operation === "Apply" || operation === "Update") && { operation }),
    ...(typeof subresource === "string" &&
      subresource !== "" && { subresource: named(subresource, LONGEST_SUBRESOURCE) }),
    ...(isTime(time) && { time }),
  };
}

/** A name that the server would take stays as it is. */
function named(name: string, longest: number): string {
  const start = name.slice(0, longest).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, "?");
  return name.length > longest ? `${start}...` : start;
}

/** Who has the field at a path as FieldChange writes it; the newest of all writers for "". Undefined: nobody. */
export function fieldAuthor(live: LiveObject, path: string): FieldAuthor | undefined {
  const { ours, others } = readOwnership(live);
  if (path === "") return newestFirst(others).map(authorOf)[0];
  const having = [...others, ...(ours ? [ours] : [])].filter(({ fields }) => ownsAt(fields, path));
  return newestFirst(having).map(authorOf)[0];
}

/** Whether the place that a path names is in the tree, by itself, by something below it, or as a part of an atomic value that is.
 *  Two elements may have one label (`v:1` and `v:"1"`), so all that fit are followed. */
export function ownsAt({ member, children }: FieldTree, path: string): boolean {
  if (path === "" || (member && children.size === 0)) return true;
  return [...children].some(([element, child]) => {
    const label = labelOf({ element });
    const rest = path.slice(label.length);
    return path.startsWith(label) && /^($|[/[])/.test(rest) && ownsAt(child, rest);
  });
}

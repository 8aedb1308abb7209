import type { FieldAuthor, FieldChange } from "./field-change.ts";
import { FIELD_MANAGER } from "./labels.ts";

/** "by kubectl through scale", "by helm and kubectl-edit", "by nobody that the server remembers, likely kubectl-edit"; undefined where the
 *  field is our own. Our name with operation Update, or through a subresource, is somebody else. */
export function formatAuthor(change: Omit<FieldChange, "path" | "pointer" | "class">): string | undefined {
  const { coOwners = [], likely = [] } = change;
  if (change.manager === FIELD_MANAGER && change.operation !== "Update" && change.subresource === undefined)
    return undefined;
  if (change.manager !== undefined) return `by ${listOf([change, ...coOwners].map(authorName), "and")}`;
  const maybe = likely.length === 0 ? "" : `, likely ${listOf(likely.map(authorName), "or")}`;
  return `by nobody that the server remembers${maybe}`;
}

function authorName({ manager = "somebody", operation, subresource }: FieldAuthor): string {
  const own = manager === FIELD_MANAGER && subresource === undefined ? ` (${operation})` : "";
  return `${manager}${own}${subresource === undefined ? "" : ` through ${subresource}`}`;
}

function listOf(names: readonly string[], word: "and" | "or"): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} ${word} ${last}`;
}

import type { FieldTree } from "../../../diff/index.ts";
import { isJsonObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import type { Manager } from "./managers.ts";

/** Fields that a manager has and another one wants. */
export interface OwnedBy {
  readonly manager: Manager;
  readonly fields: FieldTree;
}

/** 409, in the words of the real server: one cause a field. */
export function conflictError(taken: readonly OwnedBy[]): ApiError {
  const conflicts = taken
    .toSorted((one, other) => (identifier(one.manager) < identifier(other.manager) ? -1 : 1))
    .flatMap(({ manager, fields }) => pathTexts(fields).map((path) => ({ who: nameOf(manager), path })));
  const [only] = conflicts;
  const what =
    conflicts.length === 1 && only !== undefined
      ? `1 conflict: conflict with ${only.who}: ${only.path}`
      : `${conflicts.length} conflicts: ${byManager(conflicts)}`;
  return new ApiError(409, {
    reason: "Conflict",
    message: `Apply failed with ${what}`,
    details: {
      causes: conflicts.map(({ who, path }) => ({
        reason: "FieldManagerConflict",
        message: `conflict with ${who}`,
        field: path,
      })),
    },
  });
}

function byManager(conflicts: readonly { readonly who: string; readonly path: string }[]): string {
  const managers = Map.groupBy(conflicts, ({ who }) => who);
  return [...managers]
    .flatMap(([who, theirs]) => [`conflicts with ${who}:`, ...theirs.map(({ path }) => `- ${path}`)])
    .join("\n");
}

/** What the server sorts by. */
function identifier({ manager, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify({ manager, operation, ...(operation === "Apply" ? {} : { apiVersion }), subresource });
}

function nameOf({ manager, operation, apiVersion, subresource }: Manager): string {
  const name = JSON.stringify(manager);
  const through = subresource === undefined ? name : `${name} with subresource ${JSON.stringify(subresource)}`;
  if (operation === "Apply") return through;
  return `${through} using ${apiVersion}`;
}

/** `.spec.template.spec.containers[name="web"].image` and so on, in the server's order: at each place the fields there, then those below. */
function pathTexts({ children }: FieldTree, above = ""): string[] {
  const parts = [...children].sort(([one], [other]) => (one < other ? -1 : 1));
  const here = parts.flatMap(([element, { member }]) => (member ? [above + elementText(element)] : []));
  return [...here, ...parts.flatMap(([element, child]) => pathTexts(child, above + elementText(element)))];
}

export function elementText(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith("f:")) return `.${rest}`;
  const value: unknown = JSON.parse(rest);
  if (element.startsWith("v:") || !isJsonObject(value)) return `[=${JSON.stringify(value)}]`;
  return `[${Object.entries(value)
    .map(([key, part]) => `${key}=${JSON.stringify(part)}`)
    .join(",")}]`;
}

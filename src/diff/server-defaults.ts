import { isJsonObject, type Json, type KubeObject, parseApiVersion, type SchemaNode } from "../model/index.ts";
import { namesWithDefaults, withDefaults } from "./defaults/built-in.ts";
import { type FieldPath, isList, jsonOf, schemaAtPath, setElement, valueAtPath } from "./field-path.ts";
import { isWrittenByServer } from "./server-written.ts";
import { sameJson } from "./value-equality.ts";

interface Written {
  readonly path: FieldPath;
  readonly live: Json;
}

/**
 * Those of the fields that the server filled in by itself: it would fill in the same again if they were taken out. Whoever sends a whole
 * object (kubectl create, replace and edit, most operators) is noted as owner of these, too, though nobody asked for them.
 */
export function filledByServer<T extends Written>(live: KubeObject, fields: readonly T[], schema: SchemaNode): Set<T> {
  const found = new Set(fields.filter((field) => isPublished(field, schema)));
  if (!isOwn(parseApiVersion(live.apiVersion).group)) return found;
  const names = namesWithDefaults(live.kind);
  const likely: T[] = [];
  for (const field of fields) {
    if (isWrittenByServer(live, field)) found.add(field);
    else if (field.path.some(({ token }) => names.has(token))) likely.push(field);
  }
  // At first without any of them, since one default may follow from another; what is left then, each for itself.
  const left = filledAgain(live, likely, schema, found);
  for (const field of left) filledAgain(live, [field], schema, found);
  return found;
}

/** Kubernetes' own groups. Definitions may take a name under k8s.io, but none with the kinds of another group. */
function isOwn(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** The defaults of custom resources, and what the types of Kubernetes say with `+default`. */
function isPublished({ path, live }: Written, schema: SchemaNode): boolean {
  const published = schemaAtPath(schema, path).default;
  return published !== undefined && sameJson(published, live);
}

/** Notes those that the server fills in once all of them are gone, and gives the others. */
function filledAgain<T extends Written>(
  live: KubeObject,
  fields: readonly T[],
  schema: SchemaNode,
  found: Set<T>,
): T[] {
  if (fields.length === 0) return [];
  const less = fields.reduce((object: Json, { path }) => without(object, path) ?? {}, jsonOf(live));
  const filled = isJsonObject(less) ? withDefaults(less, live.kind) : {};
  return fields.filter((field) => {
    const isFilled = sameJson(valueAtPath(filled, field.path, schema), field.live);
    if (isFilled) found.add(field);
    return !isFilled;
  });
}

/** A copy without the field or the value of a set, and without what is empty then; items that are objects stay, so that positions hold. */
function without(value: Json, [step, ...rest]: FieldPath): Json | undefined {
  if (step === undefined) return undefined;
  if (isList(value)) {
    if (step.element.startsWith("v:")) {
      const others = value.filter((item) => setElement(item) !== step.element);
      return others.length === 0 ? undefined : others;
    }
    return value.map((item, at) => (String(at) === step.token && rest.length > 0 ? (without(item, rest) ?? {}) : item));
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, step.token)) return value;
  const { [step.token]: part, ...others } = value;
  const left = part === undefined ? undefined : without(part, rest);
  if (left !== undefined) return { ...others, [step.token]: left };
  return Object.keys(others).length === 0 ? undefined : others;
}

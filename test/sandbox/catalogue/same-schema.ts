import type { SchemaNode } from "../../../src/model/index.ts";

/** Every place at which two schemas differ, with what they say of it. Schemas may contain themselves. */
export function schemaDifferences(one: SchemaNode, other: SchemaNode): string[] {
  const seen = new Map<SchemaNode, Set<SchemaNode>>();
  const found: string[] = [];
  const walk = (left: SchemaNode, right: SchemaNode, path: string): void => {
    const met = seen.get(left) ?? new Set();
    if (met.has(right)) return;
    seen.set(left, met.add(right));
    if (facts(left) !== facts(right)) found.push(`${path}: ${facts(left)} is not ${facts(right)}`);
    for (const step of stepsOf(left)) {
      const [inner, theirs] = [partAt(left, step), partAt(right, step)];
      if (inner !== undefined && theirs !== undefined) walk(inner, theirs, `${path}.${step}`);
    }
  };
  walk(one, other, "");
  return found;
}

function facts({
  kind,
  atomic,
  listType,
  keys,
  scalar,
  format,
  nullable,
  patch,
  required,
  ...rest
}: SchemaNode): string {
  const [fields, sorted] = [[...rest.fieldNames()].sort(), [...(required ?? [])].sort()];
  return JSON.stringify([kind, atomic, listType, keys, scalar, format, nullable, patch, sorted, rest.default, fields]);
}

const EVERY = "*";

function stepsOf({ kind, fieldNames }: SchemaNode): readonly string[] {
  return kind === "struct" ? fieldNames() : [EVERY];
}

function partAt(node: SchemaNode, step: string): SchemaNode | undefined {
  return node.kind === "list" ? node.items() : node.field(step);
}

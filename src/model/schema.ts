import type { Json } from "./json.ts";

/** What a diff must know of a field's type: how its parts are told apart. Made from OpenAPI v3 by the cluster room.
 *  A node is immutable and may be its own descendant (JSONSchemaProps is), so `fields` and `items` are asked for, not stored. */
export interface SchemaNode {
  /** map: object with free keys. struct: object with known fields. any: unknown or free-form (x-kubernetes-preserve-unknown-fields). */
  readonly kind: "struct" | "map" | "list" | "scalar" | "any";
  /** Compared and owned as one value (atomic map or list, or a list without a type). */
  readonly atomic: boolean;
  /** Only for lists. */
  readonly listType?: "map" | "set" | "atomic";
  /** Merge keys of a list of listType map. */
  readonly keys?: readonly string[];
  /** Only for scalars. */
  readonly scalar?: "string" | "integer" | "number" | "boolean" | "int-or-string" | "quantity";
  /** OpenAPI's format: byte, date-time, int32... */
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: Json;
  /** struct: names of the fields that must be there. */
  readonly required?: readonly string[];
  /** What a strategic merge patch does at this place. Absent: maps are merged, lists replaced. merge: a list is merged, by its
   *  key, or without one as scalars. retainKeys: the patch may name the only keys that stay. Neither: maps are replaced, too. */
  readonly patch?: { readonly merge: boolean; readonly retainKeys: boolean; readonly key?: string };
  /** A rule of the kind's definition compares this place with what it was before (CEL's oldSelf): a change may be refused. */
  readonly transition?: true;
  /** struct: the known field's schema, undefined if there is none. map: the schema of every value. */
  field(name: string): SchemaNode | undefined;
  /** struct: names of the known fields. */
  fieldNames(): readonly string[];
  /** list: the schema of every item. */
  items(): SchemaNode | undefined;
}

/** Stands in where no schema is known: maps granular, lists atomic. That is what the server does with unknown fields. */
export const ANY_SCHEMA: SchemaNode = {
  kind: "any",
  atomic: false,
  field: () => ANY_SCHEMA,
  fieldNames: () => [],
  items: () => ANY_SCHEMA,
};

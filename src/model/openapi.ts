import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { GroupVersionKind } from "./ref.ts";
import { ANY_SCHEMA, type SchemaNode } from "./schema.ts";

/** What is kept of one OpenAPI v3 document: how the fields of each kind are told apart, and nothing else of it. */
export interface CompiledOpenApi {
  kinds(): readonly GroupVersionKind[];
  /** Undefined where the document has no such kind. */
  schema(kind: GroupVersionKind): SchemaNode | undefined;
}

type Scalar = NonNullable<SchemaNode["scalar"]>;
type Named = ReadonlyMap<string, SchemaNode>;

const REF_PREFIX = "#/components/schemas/";
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const OBJECT_META = ".meta.v1.ObjectMeta";
/** As deep as a manifest may be; what stands deeper in a schema is about nothing that we would apply. */
const DEEPEST = 250;
const SCALARS: ReadonlySet<string> = new Set<Scalar>(["string", "integer", "number", "boolean"]);
const NO_PARTS = { field: () => undefined, fieldNames: () => [], items: () => undefined };

/** Where the published schema says nothing of what is inside (RawExtension, JSON), the server takes and owns the value as one.
 *  Source: `data` of a ControllerRevision, recorded on kube-apiserver 1.36. */
const UNTYPED: SchemaNode = { ...ANY_SCHEMA, atomic: true };

/**
 * Makes schemas out of a parsed document of `/openapi/v3/...`. The document may be dropped afterwards: what is made is about
 * a thirtieth of it. Parts may refer to themselves (JSONSchemaProps does). Never throws: what is not understood becomes ANY_SCHEMA.
 */
export function compileOpenApi(document: unknown): CompiledOpenApi {
  const components = isJsonObject(document) ? objectAt(objectAt(document, "components"), "schemas") : {};
  const roots = new Map<string, { readonly kind: GroupVersionKind; readonly name: string }>();
  for (const [name, schema] of Object.entries(components)) {
    if (!isJsonObject(schema) || !isKind(schema)) continue;
    for (const kind of kindsOf(schema)) roots.set(keyOf(kind), { kind, name });
  }
  const named = compileReachable(components, new Set([...roots.values()].map(({ name }) => name)));
  return {
    kinds: () => [...roots.values()].map(({ kind }) => kind),
    schema: (kind) => {
      const root = roots.get(keyOf(kind));
      return root && named.get(root.name);
    },
  };
}

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group}/${version}/${kind}`;
}

/** Kinds whose objects are kept have ObjectMeta; DeleteOptions, Status and the lists, which also name kinds, have not. */
function isKind(schema: JsonObject): boolean {
  const name = refName(objectAt(objectAt(schema, "properties"), "metadata"));
  return name?.endsWith(OBJECT_META) === true;
}

function kindsOf(schema: JsonObject): GroupVersionKind[] {
  const listed = schema["x-kubernetes-group-version-kind"];
  return (Array.isArray(listed) ? listed : []).flatMap((entry: Json) => {
    if (!isJsonObject(entry)) return [];
    const { group = "", version, kind } = entry;
    return typeof group === "string" && typeof version === "string" && typeof kind === "string"
      ? [{ group, version, kind }]
      : [];
  });
}

/** A part's own parts are found when they are asked for: they may be the part itself. */
type Later = () => SchemaNode;

/** Compiles the named parts and all that they lead to, so that the document is not needed any more. */
function compileReachable(components: JsonObject, wanted: Set<string>): Named {
  const named = new Map<string, SchemaNode>();
  const compiler = new Compiler(named, wanted);
  // A Set may grow while it is walked: what is found on the way is walked, too.
  for (const name of wanted) named.set(name, compiler.part(name, components[name]));
  return named;
}

class Compiler {
  readonly #named: Named;
  readonly #wanted: Set<string>;
  /** Equal scalars are one node: there are thousands. */
  readonly #scalars = new Map<string, SchemaNode>();
  /** Of the place in the part that is read: parts themselves may be as deep as they like, for they are read one by one. */
  #depth = 0;

  constructor(named: Named, wanted: Set<string>) {
    this.#named = named;
    this.#wanted = wanted;
  }

  part(name: string, schema: Json | undefined): SchemaNode {
    if (name === QUANTITY) return this.#scalar("quantity", {});
    return isJsonObject(schema) ? this.#node(schema) : ANY_SCHEMA;
  }

  #later(schema: Json | undefined): Later {
    if (!isJsonObject(schema)) return () => ANY_SCHEMA;
    const target = refName(schema);
    if (target !== undefined) return this.#reference(target, schema);
    const node = this.#node(schema);
    return () => node;
  }

  /** What the place says (default, nullable, patch, atomic or granular) goes before what the part says. */
  #reference(target: string, place: JsonObject): Later {
    this.#wanted.add(target);
    const own = { ...extras(place), ...mapTypeOf(place) };
    const part = () => this.#named.get(target) ?? ANY_SCHEMA;
    if (Object.keys(own).length === 0) return part;
    let made: SchemaNode | undefined;
    return () => {
      made ??= { ...part(), ...own };
      return made;
    };
  }

  #node(schema: JsonObject): SchemaNode {
    if (this.#depth === DEEPEST) return ANY_SCHEMA;
    this.#depth++;
    try {
      return this.#nodeOf(schema);
    } finally {
      this.#depth--;
    }
  }

  #nodeOf(schema: JsonObject): SchemaNode {
    const scalar = scalarOf(schema);
    if (scalar !== undefined) return this.#scalar(scalar, schema);
    if (schema["type"] === "array") return this.#list(schema);
    const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
    if (isJsonObject(schema["properties"])) return this.#struct(schema, schema["properties"], open);
    const values = schema["additionalProperties"];
    if (values !== undefined && values !== false) return this.#map(schema, values);
    return { ...(open && !isAtomicMap(schema) ? ANY_SCHEMA : UNTYPED), ...extras(schema) };
  }

  #scalar(scalar: Scalar, schema: JsonObject): SchemaNode {
    const format = schema["format"];
    const known = typeof format === "string" && scalar !== "int-or-string" ? { format } : {};
    const { default: value, ...others } = extras(schema);
    const facts = {
      ...known,
      ...others,
      ...(value === undefined || typeof value === "object" ? {} : { default: value }),
    };
    const key = `${scalar} ${JSON.stringify(facts)}`;
    const node = this.#scalars.get(key) ?? { kind: "scalar", atomic: false, scalar, ...facts, ...NO_PARTS };
    this.#scalars.set(key, node);
    return node;
  }

  #list(schema: JsonObject): SchemaNode {
    const listType = listTypeOf(schema);
    const keys = schema["x-kubernetes-list-map-keys"];
    return {
      kind: "list",
      atomic: listType === "atomic",
      listType,
      ...(listType === "map" && Array.isArray(keys) ? { keys: keys.filter((key) => typeof key === "string") } : {}),
      ...extras(schema),
      ...NO_PARTS,
      items: this.#later(schema["items"]),
    };
  }

  #struct(schema: JsonObject, properties: JsonObject, open: boolean): SchemaNode {
    const fields = new Map(Object.entries(properties).map(([name, field]) => [name, this.#later(field)]));
    return {
      kind: "struct",
      atomic: isAtomicMap(schema),
      ...requiredOf(schema),
      ...extras(schema),
      field: (name) => fields.get(name)?.() ?? (open ? ANY_SCHEMA : undefined),
      fieldNames: () => [...fields.keys()],
      items: () => undefined,
    };
  }

  #map(schema: JsonObject, values: Json): SchemaNode {
    return { kind: "map", atomic: isAtomicMap(schema), ...extras(schema), ...NO_PARTS, field: this.#later(values) };
  }
}

function scalarOf(schema: JsonObject): Scalar | undefined {
  if (schema["x-kubernetes-int-or-string"] === true || schema["format"] === "int-or-string") return "int-or-string";
  const type = schema["type"];
  return isScalarName(type) ? type : undefined;
}

function isScalarName(type: Json | undefined): type is Scalar {
  return typeof type === "string" && SCALARS.has(type);
}

/** A list without a type is atomic: so says the server. */
function listTypeOf(schema: JsonObject): "map" | "set" | "atomic" {
  const type = schema["x-kubernetes-list-type"];
  return type === "map" || type === "set" ? type : "atomic";
}

function requiredOf(schema: JsonObject): Pick<SchemaNode, "required"> {
  const names = schema["required"];
  return Array.isArray(names) ? { required: names.filter((name) => typeof name === "string") } : {};
}

function mapTypeOf(place: JsonObject): Partial<Pick<SchemaNode, "atomic">> {
  return place["x-kubernetes-map-type"] === undefined ? {} : { atomic: isAtomicMap(place) };
}

function isAtomicMap(schema: JsonObject): boolean {
  return schema["x-kubernetes-map-type"] === "atomic";
}

function extras(schema: JsonObject): Pick<SchemaNode, "nullable" | "default" | "patch" | "transition"> {
  const value = schema["default"];
  return {
    ...(hasTransitionRule(schema) ? { transition: true } : {}),
    ...patchOf(schema),
    ...(schema["nullable"] === true ? { nullable: true } : {}),
    ...(value === undefined ? {} : { default: value }),
  };
}

/** Source: Kubernetes, "Validation rules": one that mentions oldSelf is a transition rule. */
function hasTransitionRule(schema: JsonObject): boolean {
  const rules = schema["x-kubernetes-validations"];
  return Array.isArray(rules) && rules.some((one) => isJsonObject(one) && /\boldSelf\b/.test(String(one["rule"])));
}

function patchOf(schema: JsonObject): Pick<SchemaNode, "patch"> {
  const strategy = schema["x-kubernetes-patch-strategy"];
  if (typeof strategy !== "string") return {};
  const words = strategy.split(",");
  const patch = { merge: words.includes("merge"), retainKeys: words.includes("retainKeys") };
  const key = schema["x-kubernetes-patch-merge-key"];
  return { patch: { ...patch, ...(typeof key === "string" ? { key } : {}) } };
}

/** The part that a schema refers to, directly or as the only member of allOf, which is how a place adds its own default to it. */
function refName(schema: JsonObject): string | undefined {
  const all = schema["allOf"];
  const only = Array.isArray(all) && all.length === 1 ? all[0] : undefined;
  const ref = schema["$ref"] ?? (isJsonObject(only) ? only["$ref"] : undefined);
  return typeof ref === "string" && ref.startsWith(REF_PREFIX) ? ref.slice(REF_PREFIX.length) : undefined;
}

function objectAt(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}

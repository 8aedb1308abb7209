import { type Static, Type } from "typebox";
import { ApplicationSchema } from "./application.ts";
import type { Problem } from "./error.ts";

const closed = { additionalProperties: false } as const;

/** One set of values: text, numbers, booleans by name. */
const ValuesSchema = Type.Unsafe<{ readonly [name: string]: string | number | boolean }>({
  type: "object",
  // In the definition nothing is said of them; whoever reads one checks them.
  additionalProperties: { type: ["string", "number", "boolean"] },
});

/** What makes a declaration one of many applications: each matched path with each set of values with each cluster. */
export const EachSchema = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 1024,
      description: "Name of each, a template: {{ path.name }}, {{ path }}, {{ value.NAME }}, {{ cluster }}.",
    }),
    values: Type.Optional(
      Type.Array(ValuesSchema, { minItems: 1, maxItems: 10_000, description: "One of each for each of these." }),
    ),
    clusters: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 253 }), {
        ...{ minItems: 1, maxItems: 1000, description: "One of each for each of these clusters, by name." },
      }),
    ),
    exclude: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 1024 }), {
        ...{ maxItems: 1000, description: "Globs of matched paths that are left out." },
      }),
    ),
  },
  { ...closed, description: "Makes this a declaration of many applications." },
);

/** A declaration of many. The rest of its spec is a template, and is checked in each application that it makes. */
export const FleetSchema = Type.Object(
  {
    apiVersion: Type.Literal("plumbline.dev/v1alpha1"),
    kind: Type.Literal("Application"),
    metadata: ApplicationSchema.properties.metadata,
    spec: Type.Object(
      {
        each: EachSchema,
        source: Type.Object(
          {
            repo: Type.String({ minLength: 1, maxLength: 2048 }),
            ref: Type.String({ minLength: 1, maxLength: 250, default: "HEAD" }),
            path: Type.String({ maxLength: 1024, default: "." }),
            chart: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
          },
          { additionalProperties: true },
        ),
        sync: Type.Object({ interval: Type.String({ default: "60s" }) }, { additionalProperties: true, default: {} }),
      },
      { additionalProperties: true },
    ),
    status: Type.Optional(Type.Unknown()),
  },
  closed,
);

export type Fleet = Static<typeof FleetSchema>;

/** What became of a declaration of many. */
export interface FleetStatus {
  readonly namespace: string;
  readonly name: string;
  /** Names of the applications that it makes. */
  readonly members: readonly string[];
  /** Of the tree that its paths were found in; absent where it has no glob, or was never looked at. */
  readonly revision?: string;
  /** What is wrong with it, or with single ones of what it would make. */
  readonly problems: readonly Problem[];
  /** Why this may not be all that it makes, in a sentence: nothing of it is removed meanwhile. */
  readonly unsure?: string;
  /** A person deletes it: what becomes of the objects of all its applications. */
  readonly ending?: "prune" | "orphan";
  /** What its end waits for beside its applications, in a sentence. */
  readonly waiting?: string;
}

/** The template's own policy, which is that of the whole when the declaration is deleted. */
export function deletionOf(fleet: Fleet): "prune" | "orphan" {
  const spec: object = fleet.spec;
  return "deletion" in spec && spec.deletion === "prune" ? "prune" : "orphan";
}

/** Whether the object is meant as a declaration of many. */
export function isFleetDocument(object: unknown): boolean {
  if (typeof object !== "object" || object === null || !("spec" in object)) return false;
  const { spec } = object;
  return typeof spec === "object" && spec !== null && "each" in spec;
}

export function hasGlob(path: string): boolean {
  return /[*?]/.test(path);
}

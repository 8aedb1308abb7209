import { type Static, Type } from "typebox";

const closed = { additionalProperties: false } as const;
const Glob = (description: string) => Type.String({ minLength: 1, maxLength: 253, description });
const Expression = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 4096, description }));

/** Which objects a rule is about. */
const objectGlobs = {
  group: Type.Optional(Glob("API group; every group when left out.")),
  kind: Type.Optional(Glob("Kind; every kind when left out.")),
  namespace: Type.Optional(Glob("Namespace; every namespace when left out.")),
  name: Type.Optional(Glob("Name; every name when left out.")),
};

/** What `path`, `jsonPath` and `manager` say must all hold; at least one of them is given. */
export const IgnoreRuleSchema = Type.Object(
  {
    ...objectGlobs,
    path: Type.Optional(
      Type.String({
        pattern: "^/",
        maxLength: 1024,
        description: "JSON pointer of the field; everything below it is meant too.",
      }),
    ),
    jsonPath: Expression(
      'JSONPath of the fields, with filters on list items: `.spec.containers[?(@.name=="web")].image`.',
    ),
    manager: Type.Optional(Glob("Field manager: only what it has taken is left to it.")),
    reason: Type.String({ minLength: 1, maxLength: 1024, description: "Why, for those who read the report." }),
  },
  closed,
);

/** In the order suspended, degraded, progressing, healthy the first expression that is true decides; none: Progressing. */
export const HealthRuleSchema = Type.Object(
  {
    ...objectGlobs,
    suspended: Expression("CEL over `object`: true when somebody stopped it."),
    degraded: Expression("CEL over `object`: true when time alone will not mend it."),
    progressing: Expression("CEL over `object`: true while it is on its way."),
    healthy: Expression("CEL over `object`: true when it is what it should be."),
    message: Expression("CEL over `object` that gives the sentence beside the verdict."),
  },
  closed,
);

export type IgnoreRule = Static<typeof IgnoreRuleSchema>;
export type HealthRule = Static<typeof HealthRuleSchema>;

import { Type } from "typebox";
import { type IgnoreRule, IgnoreRuleSchema } from "../model/index.ts";
import { DRIFT_ORDER, type DriftItem } from "../report/index.ts";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { checked, joinedPage } from "./replicas/everywhere.ts";
import { AuthorSchema, FieldChangeSchema, PagingQuery, pageSchema, RefSchema, Time } from "./schemas.ts";

const EndSchema = Type.Object({
  how: Type.Enum(["healed", "reverted", "git", "left"], {
    description: "By a pass; by somebody else; Git moved; neither moved, so a rule leaves it alone now.",
  }),
  at: Time("When it was first seen to differ no more."),
  pass: Type.Optional(Type.Integer({ description: "The pass that healed it." })),
  by: Type.Optional(AuthorSchema),
});

const FightSchema = Type.Object({
  times: Type.Integer({ description: "How often it was found within the five minutes before it was found last." }),
  message: Type.String({ description: "Who changes what, how often." }),
  healsAt: Type.Optional(Time("Healing waits until then.")),
  rule: Type.Optional(
    Type.Unsafe<IgnoreRule>({ ...IgnoreRuleSchema, description: "The entry of spec.ignore that would end it." }),
  ),
});

const DriftItemSchema = Type.Object({
  application: Type.String(),
  state: Type.Enum(["open", "ended"], { description: "open: it differs now." }),
  ref: RefSchema,
  change: FieldChangeSchema,
  firstSeen: Time("When this process first saw it."),
  lastSeen: Time("When it was last seen to differ."),
  count: Type.Integer({
    description: "How often it was found anew; one that comes back within five minutes goes on.",
  }),
  end: Type.Optional(EndSchema),
  fight: Type.Optional(FightSchema),
});

export const DriftPageSchema = pageSchema(DriftItemSchema);

const schema = {
  operationId: "listDrift",
  summary: "Every field of the fleet that the cluster changed, with its author, how often, and how it ended",
  tags: ["drift"],
  querystring: Type.Object(
    {
      application: Type.Optional(Type.String({ maxLength: 320, description: "`<namespace>/<name>`" })),
      class: Type.Optional(Type.Enum(["drift", "conflict", "foreign"], { description: "All three when left out." })),
      state: Type.Optional(
        Type.Enum(["open", "ended", "all"], {
          default: "open",
          description: "What differs now, what lately did, both.",
        }),
      ),
      ...PagingQuery,
    },
    { additionalProperties: false },
  ),
  response: { 200: DriftPageSchema },
};

export function driftRoute(app: Api, { report, fleet }: ApiOptions): void {
  const isItem = checked<DriftItem>(DriftItemSchema);
  app.get("/api/v1/drift", { schema }, async (request) => {
    const caller = callerOf(request);
    const own = () => report.drift({ ...request.query, ...(caller.fleet ? {} : { visible: caller.sees }) });
    return await joinedPage(request, { fleet, own, isItem, paging: request.query, order: DRIFT_ORDER });
  });
}

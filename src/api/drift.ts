import { Type } from "typebox";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { FieldChangeSchema, PagingQuery, pageSchema, RefSchema, Time } from "./schemas.ts";

export const DriftPageSchema = pageSchema(
  Type.Object({
    application: Type.String(),
    ref: RefSchema,
    change: FieldChangeSchema,
    firstSeen: Time("When this process first saw it."),
  }),
);

const schema = {
  operationId: "listDrift",
  summary: "Every field of the fleet that the cluster changed, with its author",
  tags: ["drift"],
  querystring: Type.Object(
    {
      application: Type.Optional(Type.String({ maxLength: 320, description: "`<namespace>/<name>`" })),
      class: Type.Optional(Type.Enum(["drift", "conflict", "foreign"], { description: "All three when left out." })),
      ...PagingQuery,
    },
    { additionalProperties: false },
  ),
  response: { 200: DriftPageSchema },
};

export function driftRoute(app: Api, { report }: ApiOptions): void {
  app.get("/api/v1/drift", { schema }, async (request) => {
    const caller = callerOf(request);
    return report.drift({ ...request.query, ...(caller.fleet ? {} : { visible: caller.sees }) });
  });
}

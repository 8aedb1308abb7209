import { Type } from "typebox";
import { summaryView } from "../report/index.ts";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationsElsewhere } from "./replicas/applications.ts";
import type { LastKnown } from "./replicas/last-known.ts";
import { HealthStatusSchema, PagingQuery, pageSchema, SyncStatusSchema } from "./schemas.ts";
import { SummarySchema } from "./summary.ts";

const ApplicationsQuery = Type.Object(
  {
    sync: Type.Optional(SyncStatusSchema),
    health: Type.Optional(HealthStatusSchema),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
    ...PagingQuery,
  },
  { additionalProperties: false },
);

export const ApplicationsPageSchema = pageSchema(SummarySchema);

const schema = {
  operationId: "listApplications",
  summary: "Applications, sorted by namespace and name",
  tags: ["applications"],
  querystring: ApplicationsQuery,
  response: { 200: ApplicationsPageSchema },
};

export function applicationsRoute(app: Api, { report, control, fleet }: ApiOptions, last: LastKnown | undefined): void {
  const elsewhere =
    fleet === undefined || last === undefined ? undefined : new ApplicationsElsewhere({ report, control, fleet, last });
  app.get("/api/v1/applications", { schema }, async (request) => {
    const caller = callerOf(request);
    const query = { ...request.query, ...(caller.fleet ? {} : { visible: caller.sees }) };
    const own = () => {
      const page = report.list(query);
      return { ...page, items: page.items.map((one) => summaryView(one, Date.now())) };
    };
    return elsewhere === undefined ? own() : await elsewhere.with(own, { request, query });
  });
}

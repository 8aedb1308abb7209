import { Type } from "typebox";
import { summaryView } from "../report/index.ts";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationsElsewhere } from "./replicas/applications.ts";
import {
  ChangeCountsSchema,
  HealthSchema,
  HealthStatusSchema,
  IdentityFields,
  PagingQuery,
  PinSchema,
  ProblemSchema,
  pageSchema,
  SuspensionSchema,
  SyncSchema,
  SyncStatusSchema,
  Time,
  WaitingFields,
} from "./schemas.ts";

const ApplicationsQuery = Type.Object(
  {
    sync: Type.Optional(SyncStatusSchema),
    health: Type.Optional(HealthStatusSchema),
    namespace: Type.Optional(Type.String({ maxLength: 63 })),
    ...PagingQuery,
  },
  { additionalProperties: false },
);

const SummarySchema = Type.Object({
  ...IdentityFields,
  sync: SyncSchema,
  health: HealthSchema,
  source: Type.Object({
    repo: Type.String(),
    ref: Type.String(),
    path: Type.String(),
    chart: Type.Optional(Type.String({ description: "Of a Helm repository; the revision is its version." })),
    revision: Type.Optional(Type.String()),
    newest: Type.Optional(Type.String({ description: "What the ref leads to, while something is pinned." })),
  }),
  pin: Type.Optional(PinSchema),
  suspended: Type.Optional(SuspensionSchema),
  stale: Type.Boolean({ description: "The repository does not answer; the revision is the last good one." }),
  objects: Type.Integer(),
  changes: ChangeCountsSchema,
  lastSyncAt: Type.Optional(Time("The end of the last pass that wrote something or failed to.")),
  problem: Type.Optional(Type.Pick(ProblemSchema, ["code", "message", "where"])),
  asOf: Type.Optional(Time("Where the replica that works on it does not answer: when it did last.")),
  ...WaitingFields,
});

export const ApplicationsPageSchema = pageSchema(SummarySchema);

const schema = {
  operationId: "listApplications",
  summary: "Applications, sorted by namespace and name",
  tags: ["applications"],
  querystring: ApplicationsQuery,
  response: { 200: ApplicationsPageSchema },
};

export function applicationsRoute(app: Api, { report, control, fleet }: ApiOptions): void {
  const elsewhere = fleet === undefined ? undefined : new ApplicationsElsewhere({ report, control, fleet });
  app.get("/api/v1/applications", { schema }, async (request) => {
    const caller = callerOf(request);
    const visible = caller.fleet ? {} : { visible: caller.sees };
    const query = { ...request.query, ...visible };
    const page = report.list(query);
    const own = { ...page, items: page.items.map((one) => summaryView(one, Date.now())) };
    return elsewhere === undefined ? own : await elsewhere.with(own, { request, query });
  });
}

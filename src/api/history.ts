import { Type } from "typebox";
import { OUTCOMES } from "../model/index.ts";
import { HISTORY_ORDER, type SyncRecord } from "../report/index.ts";
import { knownTo } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import { checked, joinedPage } from "./replicas/everywhere.ts";
import {
  ActionSchema,
  ApplicationParams,
  list,
  PagingQuery,
  PlanSummarySchema,
  ProblemSchema,
  pageSchema,
  RefSchema,
  Time,
  TRIGGERS,
} from "./schemas.ts";

const ObjectSchema = Type.Object({
  ref: RefSchema,
  action: ActionSchema,
  outcome: Type.Enum(OUTCOMES),
  code: Type.Optional(Type.String({ description: "One of docs/errors.md." })),
  message: Type.Optional(Type.String()),
});

const COUNT = Type.Optional(Type.Integer());

export const SyncRecordSchema = Type.Object({
  id: Type.Integer({ description: "Of the pass." }),
  revision: Type.Optional(Type.String()),
  author: Type.Optional(Type.String({ description: "Of the commit." })),
  subject: Type.Optional(Type.String({ description: "First line of the commit's message." })),
  trigger: Type.Enum(TRIGGERS),
  by: Type.Optional(Type.String({ description: "Who asked for it: the name of his token." })),
  startedAt: Time("When it began."),
  finishedAt: Time("When it ended."),
  durationMs: Type.Number(),
  outcomes: Type.Object(
    {
      created: COUNT,
      configured: COUNT,
      adopted: COUNT,
      pruned: COUNT,
      unchanged: COUNT,
      skipped: COUNT,
      failed: COUNT,
    },
    { description: "Objects by outcome." },
  ),
  objects: list(ObjectSchema),
  plan: Type.Optional(PlanSummarySchema),
  problem: Type.Optional(Type.Pick(ProblemSchema, ["code", "message", "where"])),
  good: Type.Boolean({ description: "The application was Synced and Healthy with what it wrote, then or later." }),
});

export const HistoryPageSchema = pageSchema(SyncRecordSchema);

const schema = {
  operationId: "listHistory",
  summary: "The last 20 syncs, the newest first: passes that wrote something or failed to",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(PagingQuery, { additionalProperties: false }),
  response: { 200: HistoryPageSchema },
};

export function historyRoute(app: Api, { history, ...options }: ApiOptions): void {
  const isItem = checked<SyncRecord>(SyncRecordSchema);
  const url = "/api/v1/applications/:namespace/:name/history";
  app.get(url, { schema, config: { answeredBy: "all" } }, async (request) => {
    const application = knownTo(request, request.params, options);
    const own = () => history.page(application, request.query);
    const parts = { fleet: options.fleet, own, isItem, paging: request.query, order: HISTORY_ORDER };
    return await joinedPage(request, parts);
  });
}

import { Type } from "typebox";
import { OUTCOMES } from "../model/index.ts";
import { statusFor } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
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

const SyncRecordSchema = Type.Object({
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

export function historyRoute(app: Api, { history, report }: ApiOptions): void {
  app.get("/api/v1/applications/:namespace/:name/history", { schema }, async (request) => {
    const { namespace, name } = statusFor(request, request.params, report);
    return history.page(`${namespace}/${name}`, request.query);
  });
}

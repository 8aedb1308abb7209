import { Type } from "typebox";
import { type ResourceStatus, refKey } from "../model/index.ts";
import { pageBy, resourceView } from "../report/index.ts";
import { statusFor } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import {
  ApplicationParams,
  ChangeCountsSchema,
  EvidenceSchema,
  HealthSchema,
  LeftFieldSchema,
  list,
  OriginSchema,
  PagingQuery,
  ProblemSchema,
  pageSchema,
  RefSchema,
  StageSchema,
  SyncStatusSchema,
  UnconfirmedSchema,
  WaitingFields,
} from "./schemas.ts";

const ResourceSchema = Type.Object({
  ref: RefSchema,
  stage: StageSchema,
  sync: SyncStatusSchema,
  health: HealthSchema,
  changes: ChangeCountsSchema,
  left: Type.Optional(list(LeftFieldSchema)),
  unconfirmed: Type.Optional(UnconfirmedSchema),
  origin: Type.Optional(OriginSchema),
  problem: Type.Optional(ProblemSchema),
  warnings: list(Type.String()),
  ...WaitingFields,
  evidence: Type.Optional(EvidenceSchema),
});

export const ResourcesPageSchema = pageSchema(ResourceSchema);

const schema = {
  operationId: "listResources",
  summary: "The objects of one application, with their verdicts",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(PagingQuery, { additionalProperties: false }),
  response: { 200: ResourcesPageSchema },
};

/** How the objects of an application are sorted where they are paged. */
export function resourcePosition({ ref }: Pick<ResourceStatus, "ref">): readonly string[] {
  return [refKey(ref)];
}

export function resourcesRoute(app: Api, { report }: ApiOptions): void {
  app.get("/api/v1/applications/:namespace/:name/resources", { schema }, async (request) => {
    const page = pageBy(statusFor(request, request.params, report).resources, request.query, resourcePosition);
    return { ...page, items: page.items.map((one) => resourceView(one, Date.now())) };
  });
}

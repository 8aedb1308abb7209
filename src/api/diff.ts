import { Type } from "typebox";
import { changedView, pageBy } from "../report/index.ts";
import { statusFor } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import { resourcePosition } from "./resources.ts";
import {
  ApplicationParams,
  FieldChangeSchema,
  LeftFieldSchema,
  list,
  OriginSchema,
  PagingQuery,
  pageSchema,
  RefSchema,
  SyncStatusSchema,
  UnconfirmedSchema,
} from "./schemas.ts";

export const DiffPageSchema = pageSchema(
  Type.Object({
    ref: RefSchema,
    sync: SyncStatusSchema,
    origin: Type.Optional(OriginSchema),
    changes: list(FieldChangeSchema),
    left: Type.Optional(list(LeftFieldSchema)),
    unconfirmed: Type.Optional(UnconfirmedSchema),
  }),
);

const schema = {
  operationId: "getDiff",
  summary:
    "The objects that differ from Git or are left to others in a field, field by field, as the last look found them",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(PagingQuery, { additionalProperties: false }),
  response: { 200: DiffPageSchema },
};

export function diffRoute(app: Api, { report }: ApiOptions): void {
  app.get("/api/v1/applications/:namespace/:name/diff", { schema }, async (request) => {
    const { resources } = statusFor(request, request.params, report);
    const changed = resources.map(changedView).filter((resource) => resource !== undefined);
    return pageBy(changed, request.query, resourcePosition);
  });
}

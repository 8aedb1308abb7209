import { Type } from "typebox";
import type { KubeObject } from "../model/index.ts";
import { pageBy } from "../report/index.ts";
import { applicationOf, noSuchApplication } from "./application.ts";
import { requestSignal } from "./lifetime.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationParams, list, OriginSchema, PagingQuery, ProblemSchema, pageSchema, RefSchema } from "./schemas.ts";

const HookSchema = Type.Object(
  {
    events: list(Type.String()),
    weight: Type.Integer({ description: "The lower go first." }),
    deletePolicies: list(Type.String()),
  },
  { description: "Only hooks of a chart." },
);

const ManifestSchema = Type.Object({
  ref: RefSchema,
  origin: OriginSchema,
  hook: Type.Optional(HookSchema),
  object: Type.Unsafe<KubeObject>({
    type: "object",
    additionalProperties: true,
    description: "As it is applied, labels and annotations of Plumbline's own apart; values of Secrets are masked.",
  }),
});

export const ManifestsPageSchema = Type.Object({
  ...pageSchema(ManifestSchema).properties,
  revision: Type.String({ description: "Of the manifests: the newest, or the last whole one while that is broken." }),
  problems: list(ProblemSchema),
  warnings: list(Type.String()),
  notes: Type.Optional(Type.String({ description: "What a chart tells its user." })),
});

const schema = {
  operationId: "listManifests",
  summary: "What Git wants of the cluster, rendered now; nothing is written",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(PagingQuery, { additionalProperties: false }),
  response: { 200: ManifestsPageSchema },
};

export function manifestsRoute(app: Api, { control }: ApiOptions, closing: AbortSignal): void {
  app.get("/api/v1/applications/:namespace/:name/manifests", { schema }, async (request, reply) => {
    const application = applicationOf(request, request.params);
    if (control.application(application) === undefined) throw noSuchApplication(application);
    const signal = AbortSignal.any([closing, requestSignal(reply)]);
    const { manifests, ...rest } = await control.rendered(application, signal);
    const numbered = manifests.map((manifest, index) => ({ ...manifest, at: String(index).padStart(9, "0") }));
    return { ...rest, ...pageBy(numbered, request.query, ({ at }) => [at]) };
  });
}

import { Type } from "typebox";
import type { Api, ApiOptions } from "./options.ts";
import { list, ProblemSchema } from "./schemas.ts";

const StateSchema = Type.Enum(["Answers", "Away", "Idle", "Refused", "Unasked"], {
  description:
    "Away: it does not answer. Idle: nobody needs it, so that no connection is open. Refused: it is declared in a way that cannot be used. Unasked: nothing was asked of it yet.",
});

const ClusterSchema = Type.Object({
  name: Type.String({ description: "As spec.destination.cluster names it." }),
  server: Type.Optional(Type.String({ description: "URL, without user and password." })),
  version: Type.Optional(Type.String({ description: "Of Kubernetes, as it was asked last." })),
  state: StateSchema,
  since: Type.Optional(Type.String({ description: "Since when it is in that state." })),
  problem: Type.Optional(ProblemSchema),
  declaredBy: Type.String(),
  applications: Type.Integer(),
  watches: Type.Integer(),
  warnings: list(Type.String()),
});

export const ClustersAnswerSchema = Type.Object({ items: list(ClusterSchema) });

const schema = {
  operationId: "listClusters",
  summary: "The clusters there are, home first: how each is reached, and what is wrong with it",
  tags: ["operations"],
  response: { 200: ClustersAnswerSchema },
};

/** Only for those who may see the whole fleet. */
export function clustersRoute(app: Api, { control }: ApiOptions): void {
  app.get("/api/v1/clusters", { schema, config: { access: "fleet" } }, () =>
    Promise.resolve({ items: [...control.clusters()] }),
  );
}

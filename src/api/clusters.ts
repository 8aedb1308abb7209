import { Type } from "typebox";
import type { ClusterStatus } from "../model/index.ts";
import type { Api, ApiOptions } from "./options.ts";
import { askEverywhere, checked, lacking } from "./replicas/everywhere.ts";
import { Incomplete, list, ProblemSchema } from "./schemas.ts";

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

export const ClustersAnswerSchema = Type.Object({ items: list(ClusterSchema), incomplete: Incomplete });

const schema = {
  operationId: "listClusters",
  summary: "The clusters there are, home first: how each is reached, and what is wrong with it",
  tags: ["operations"],
  response: { 200: ClustersAnswerSchema },
};

/** Only for those who may see the whole fleet. */
export function clustersRoute(app: Api, { control, fleet }: ApiOptions): void {
  const isItem = checked<ClusterStatus>(ClusterSchema);
  app.get("/api/v1/clusters", { schema, config: { access: "fleet" } }, async (request) => {
    const { answered, away } = await askEverywhere(request, { fleet, isItem });
    const others = answered.flatMap(({ items }) => items);
    return { items: control.clusters().map((own) => seenByAll(own, others)), ...lacking(away) };
  });
}

/** What is wrong comes first, and whoever needs no connection knows least. */
const TELLING = ["Refused", "Away", "Answers", "Unasked", "Idle"] as const satisfies ClusterStatus["state"][];

/** Each replica is connected to the clusters of its own applications. */
function seenByAll(own: ClusterStatus, others: readonly ClusterStatus[]): ClusterStatus {
  const all = [own, ...others.filter(({ name }) => name === own.name)];
  const [best = own] = all.toSorted((one, other) => TELLING.indexOf(one.state) - TELLING.indexOf(other.state));
  const version = best.version ?? all.find((one) => one.version !== undefined)?.version;
  const watches = all.reduce((sum, one) => sum + one.watches, 0);
  return { ...best, ...(version === undefined ? {} : { version }), watches };
}

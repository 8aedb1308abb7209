import { type Static, Type } from "typebox";
import { compareText } from "../kit/compare-text.ts";
import { PlumblineError, toProblem } from "../model/index.ts";
import type { Replica } from "../replicas/index.ts";
import type { Api, ApiOptions } from "./options.ts";
import { askEverywhere, checked } from "./replicas/everywhere.ts";
import type { ReplicaFleet } from "./replicas/fleet.ts";
import { standingProblems } from "./replicas/standing-problems.ts";
import { list, ProblemSchema, Time } from "./schemas.ts";

const ReplicaSchema = Type.Object({
  id: Type.String({ description: "Of this one process: a restart is another replica." }),
  state: Type.Enum(["Working", "Unheard", "Away"], {
    description: "Unheard: the others do not hear of it, so that it works on nothing. Away: it does not answer.",
  }),
  address: Type.Optional(Type.String({ description: "Where the others reach it." })),
  since: Type.Optional(Time("Since when it is Working or Unheard.")),
  applications: Type.Optional(Type.Integer({ description: "That it works on." })),
  version: Type.Optional(Type.String()),
  problems: list(ProblemSchema),
});

export const ReplicasAnswerSchema = Type.Object({ items: list(ReplicaSchema), total: Type.Integer() });

type ReplicaAnswer = Static<typeof ReplicaSchema>;

const schema = {
  operationId: "listReplicas",
  summary: "The replicas that share the work, as the one that is asked sees them; none where one process has all of it",
  tags: ["operations"],
  response: { 200: ReplicasAnswerSchema },
};

/** Only for those who may see the whole fleet. */
export function replicasRoute(app: Api, options: ApiOptions): void {
  const { fleet } = options;
  const isItem = checked<ReplicaAnswer>(ReplicaSchema);
  app.get("/api/v1/replicas", { schema, config: { access: "fleet" } }, async (request) => {
    if (fleet === undefined) return { items: [], total: 0 };
    const { answered, away } = await askEverywhere(request, { fleet, isItem });
    const items = [ownAnswer(fleet, options), ...answered.flatMap((one) => one.items), ...away.map(awayAnswer)];
    return { items: items.toSorted((one, other) => compareText(one.id, other.id)), total: items.length };
  });
}

function ownAnswer(fleet: ReplicaFleet, { report, version }: ApiOptions): ReplicaAnswer {
  const { isHeard, since } = fleet.standing();
  const { id, url } = fleet.self;
  return {
    id,
    state: isHeard ? "Working" : "Unheard",
    ...(url === undefined ? {} : { address: url }),
    since: new Date(since).toISOString(),
    applications: report.list({ limit: 1 }).total,
    version,
    problems: [...standingProblems(fleet)],
  };
}

function awayAnswer({ id, url }: Replica): ReplicaAnswer {
  const message = `replica ${id} does not answer`;
  const problem = toProblem(new PlumblineError("PL-REPLICA-AWAY", { message }));
  return { id, state: "Away", ...(url === undefined ? {} : { address: url }), problems: [problem] };
}

import { Type } from "typebox";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { list, ProblemSchema } from "./schemas.ts";

const FleetSchema = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  members: list(Type.String({ description: "`<namespace>/<name>` of each application that it makes." })),
  revision: Type.Optional(Type.String({ description: "In which its paths were found." })),
  problems: list(ProblemSchema),
  unsure: Type.Optional(
    Type.String({ description: "Why this may not be all that it makes: nothing of it is removed meanwhile." }),
  ),
  ending: Type.Optional(
    Type.Union([Type.Literal("prune"), Type.Literal("orphan")], {
      description: "It is being deleted: what becomes of the objects of all its applications.",
    }),
  ),
  waiting: Type.Optional(Type.String({ description: "What its end waits for beside its applications." })),
});

export const FleetsAnswerSchema = Type.Object({ items: list(FleetSchema) });

const schema = {
  operationId: "listFleets",
  summary: "Declarations of many applications: what each makes, and what is wrong with it",
  tags: ["applications"],
  response: { 200: FleetsAnswerSchema },
};

/** Whoever may not see a declaration is not told of it, and of its members only those that he may see. */
export function fleetsRoute(app: Api, { control }: ApiOptions): void {
  app.get("/api/v1/fleets", { schema }, (request) => {
    const { sees } = callerOf(request);
    const visible = control.fleets.statuses().filter(({ namespace, name }) => sees(`${namespace}/${name}`));
    return Promise.resolve({ items: visible.map((one) => ({ ...one, members: one.members.filter(sees) })) });
  });
}

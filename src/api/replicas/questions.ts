import { Type } from "typebox";
import { PlumblineError } from "../../model/index.ts";
import { REPLICA_HEADER } from "../../replicas/index.ts";
import type { Api, ApiOptions } from "../options.ts";
import type { ReplicaFleet } from "./fleet.ts";
import { type Question, QuestionSchema } from "./question.ts";

export const QUESTIONS_PATH = "/replicas/v1/ask";

/** For replicas alone, so that it stands in no description of the API. */
export function questionsRoute(app: Api, options: ApiOptions): void {
  const { fleet } = options;
  if (fleet === undefined) return;
  // Without a schema of its own it would be written as a problem is.
  const response = { 200: Type.Object({ answer: Type.Unknown() }) };
  const schema = { hide: true, body: QuestionSchema, response };
  app.post(
    QUESTIONS_PATH,
    { schema, config: { access: "signed" }, bodyLimit: 67_108_864, onRequest: replicaOnly(fleet) },
    async (request) => ({
      answer: (await answerTo(request.body, options, fleet)) ?? null,
    }),
  );
}

function replicaOnly({ peers }: ReplicaFleet) {
  return async ({
    headers,
  }: {
    readonly headers: { readonly [name: string]: string | string[] | undefined };
  }): Promise<void> => {
    if (await peers.knows(headers[REPLICA_HEADER])) return;
    throw new PlumblineError("PL-API-UNAUTHENTICATED", {
      message: "only replicas ask here, and this is not their secret",
      where: REPLICA_HEADER,
      next: "give all replicas the same --replica-token-file",
    });
  };
}

async function answerTo(
  question: Question,
  { control }: ApiOptions,
  { neighbour, sources }: ReplicaFleet,
): Promise<unknown> {
  switch (question.ask) {
    case "lack":
      return await neighbour.lack(question.name);
    case "heldBack":
      return await neighbour.heldBack(question);
    case "letGo":
      return await neighbour.letGo(question);
    case "refs":
    case "versions":
      return await sources.answer(question);
    case "moved": {
      const { repo, chart } = question;
      return control.moved(chart === undefined ? { repo } : { repo, chart });
    }
  }
}

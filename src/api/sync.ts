import { Type } from "typebox";
import { formatDuration, parseDuration } from "../kit/duration.ts";
import { PlumblineError } from "../model/index.ts";
import { detailView } from "../report/index.ts";
import { callerOf } from "./access.ts";
import { ApplicationAnswerSchema, applicationOf, noSuchApplication } from "./application.ts";
import { requestSignal } from "./lifetime.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationParams } from "./schemas.ts";

const LONGEST_WAIT_MS = 600_000;

export const SyncAcceptedSchema = Type.Object(
  {
    application: Type.String(),
    pass: Type.Integer({ description: "The pass that does it; `lastPass.id` is this or more when it has ended." }),
  },
  { description: "It was asked for. With `wait`: the pass had not ended in time." },
);

const schema = {
  operationId: "syncApplication",
  summary: "Asks for a pass that writes, even where sync.auto or selfHeal is off",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(
    {
      wait: Type.Optional(Type.Boolean({ default: false, description: "Answer when the pass has ended." })),
      allowPrune: Type.Optional(
        Type.Boolean({
          default: false,
          description: "Lifts, for this one pass, the guards of deletion that a person may lift.",
        }),
      ),
      plan: Type.Optional(
        Type.String({
          pattern: "^[0-9a-f]{64}$",
          description: "The plan's hash as it was shown: where the plan is another one by then, nothing is done.",
        }),
      ),
      timeout: Type.Optional(Type.String({ maxLength: 20, default: "60s", description: "Longest wait, 10m at most." })),
    },
    { additionalProperties: false },
  ),
  response: { 200: ApplicationAnswerSchema, 202: SyncAcceptedSchema },
};

/** Errors: PL-API-BAD-REQUEST. */
function waitMs(timeout = "60s"): number {
  const ms = parseDuration(timeout);
  if (ms !== undefined && ms > 0 && ms <= LONGEST_WAIT_MS) return ms;
  throw new PlumblineError("PL-API-BAD-REQUEST", {
    message: `timeout is a duration such as 90s, of at most ${formatDuration(LONGEST_WAIT_MS)}`,
    where: "timeout",
  });
}

export function syncRoute(app: Api, { control }: ApiOptions, closing: AbortSignal): void {
  const url = "/api/v1/applications/:namespace/:name/sync";
  app.post(url, { schema, config: { access: "operator" } }, async (request, reply) => {
    const application = applicationOf(request, request.params);
    const ms = waitMs(request.query.timeout);
    const { allowPrune = false, plan } = request.query;
    const by = callerOf(request).name;
    const pass = await control.sync(application, { by, allowPrune, ...(plan === undefined ? {} : { plan }) });
    if (pass === undefined) throw noSuchApplication(application);
    if (request.query.wait !== true) return reply.code(202).send({ application, pass });
    const signal = AbortSignal.any([closing, requestSignal(reply), AbortSignal.timeout(ms)]);
    try {
      return reply.code(200).send(detailView(await control.passEnded(application, pass, signal), Date.now()));
    } catch (error) {
      // The pass goes on whoever waits for it: that the wait is over is no failure of the sync.
      if (!signal.aborted) throw error;
      return reply.code(202).send({ application, pass });
    }
  });
}

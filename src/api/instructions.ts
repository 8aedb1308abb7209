import type { FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { formatDuration, parseDuration } from "../kit/duration.ts";
import { LONGEST_REASON, PlumblineError } from "../model/index.ts";
import type { SyncControl } from "../sync/index.ts";
import { callerOf } from "./access.ts";
import { applicationOf, noSuchApplication } from "./application.ts";
import type { Api, ApiOptions } from "./options.ts";
import { historyElsewhere } from "./replicas/history-elsewhere.ts";
import { ApplicationParams, PinSchema } from "./schemas.ts";
import { SyncAcceptedSchema } from "./sync.ts";

const HOUR_MS = 3_600_000;
/** A pin that nobody ends keeps an application old without anybody noticing. */
const PIN = { usual: 24 * HOUR_MS, longest: 30 * 24 * HOUR_MS };
const LONGEST_SUSPENSION_MS = 365 * 24 * HOUR_MS;

const closed = { additionalProperties: false } as const;
const REASON = Type.String({
  minLength: 1,
  maxLength: LONGEST_REASON,
  pattern: "^[^\\p{Cc}\\u2028\\u2029]+$",
  description: "One line, for everybody to read.",
});
const For = (description: string) => Type.Optional(Type.String({ minLength: 2, maxLength: 20, description }));

const RollbackBody = Type.Object(
  {
    revision: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 250,
        description:
          "A commit, a branch or a tag, of a chart a version; the last one before the current one with which it was Synced and Healthy when left out.",
      }),
    ),
    reason: REASON,
    for: For("How long, such as 2h: 24h unless given, 720h at most."),
    forever: Type.Optional(Type.Boolean({ description: "Until somebody unpins it." })),
  },
  closed,
);
const SuspendBody = Type.Object(
  { reason: REASON, for: For("How long, such as 2h, 8760h at most; until somebody resumes it when left out.") },
  closed,
);

export const RolledBackSchema = Type.Object(
  { ...SyncAcceptedSchema.properties, pin: PinSchema },
  { description: "It is pinned, and the pass that does it is asked for." },
);

const common = { tags: ["applications"], params: ApplicationParams };
const operator = { config: { access: "operator" } } as const;
const path = "/api/v1/applications/:namespace/:name";

/** What people say of one application beside its declaration. All answer with the pass that follows. */
export function instructionRoutes(app: Api, options: ApiOptions): void {
  const { control } = options;
  rollbackRoute(app, options);
  const suspend = {
    ...common,
    operationId: "suspendApplication",
    summary: "From now on it is looked at and not written",
    body: SuspendBody,
    response: { 202: SyncAcceptedSchema },
  };
  app.post(`${path}/suspend`, { schema: suspend, ...operator }, async (request, reply) => {
    const { application, by } = meant(request, request.params, control);
    const { reason, for: time } = request.body;
    const forMs = time === undefined ? {} : { forMs: lengthOf(time, LONGEST_SUSPENSION_MS) };
    const pass = await control.instructions.suspend(application, { reason, by, ...forMs });
    return reply.code(202).send({ application, pass });
  });
  endRoute(app, control, { verb: "unpin", summary: "Ends a pin: what the ref leads to counts again" });
  endRoute(app, control, { verb: "resume", summary: "Ends a suspension: it is written again" });
}

function rollbackRoute(app: Api, { control, fleet }: ApiOptions): void {
  const schema = {
    ...common,
    operationId: "rollbackApplication",
    summary: "Pins it to a revision, which is synced in place of what the ref leads to",
    body: RollbackBody,
    response: { 202: RolledBackSchema },
  };
  app.post(`${path}/rollback`, { schema, ...operator }, async (request, reply) => {
    const { application, by } = meant(request, request.params, control);
    const { revision, reason, ...time } = request.body;
    const length = pinLength(time);
    const elsewhere = fleet === undefined ? {} : { elsewhere: await historyElsewhere(application, request, fleet) };
    const asked = { reason, by, ...(revision === undefined ? {} : { revision }), ...length, ...elsewhere };
    return reply.code(202).send({ application, ...(await control.instructions.rollback(application, asked)) });
  });
}

function endRoute(
  app: Api,
  control: SyncControl,
  { verb, summary }: { readonly verb: "unpin" | "resume"; readonly summary: string },
): void {
  const schema = { ...common, operationId: `${verb}Application`, summary, response: { 202: SyncAcceptedSchema } };
  app.post(`${path}/${verb}`, { schema, ...operator }, async (request, reply) => {
    const { application, by } = meant(request, request.params, control);
    return reply.code(202).send({ application, pass: await control.instructions[verb](application, by) });
  });
}

function meant(request: FastifyRequest, params: Static<typeof ApplicationParams>, control: SyncControl) {
  const application = applicationOf(request, params);
  if (control.application(application) === undefined) throw noSuchApplication(application);
  return { application, by: callerOf(request).name };
}

function pinLength({ for: time, forever = false }: Pick<Static<typeof RollbackBody>, "for" | "forever">): {
  forMs?: number;
} {
  if (forever && time !== undefined) throw badLength("`for` and `forever` are given both");
  if (forever) return {};
  return { forMs: time === undefined ? PIN.usual : lengthOf(time, PIN.longest) };
}

/** Errors: PL-API-BAD-REQUEST. */
function lengthOf(text: string, longest: number): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms >= 1000 && ms <= longest) return ms;
  throw badLength(`for is a duration such as 2h, from 1s to ${formatDuration(longest)}`);
}

function badLength(message: string): PlumblineError {
  return new PlumblineError("PL-API-BAD-REQUEST", { message, where: "for" });
}

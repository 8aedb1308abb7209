import type { Readable } from "node:stream";
import { Type } from "typebox";
import { statusFor } from "./application.ts";
import type { EventStreams } from "./event-streams.ts";
import type { Api, ApiOptions } from "./options.ts";
import { ApplicationParams, PagingQuery, pageSchema, RefSchema, Time } from "./schemas.ts";

const EventSchema = Type.Object({
  id: Type.Integer({ description: "Rises with each event of the process." }),
  time: Time("When it was seen."),
  application: Type.String(),
  type: Type.Enum(["Normal", "Warning"]),
  reason: Type.String({ description: "One word: DriftFound, Healed, Applied, Failed..." }),
  message: Type.String(),
  ref: Type.Optional(RefSchema),
  code: Type.Optional(Type.String()),
});

export const EventsPageSchema = pageSchema(EventSchema);

const schema = {
  operationId: "listEvents",
  summary: "What happened, the newest first; a live stream for `Accept: text/event-stream`",
  description: "A stream begins after the event that `Last-Event-ID` names, or with the next one.",
  tags: ["applications"],
  params: ApplicationParams,
  querystring: Type.Object(PagingQuery, { additionalProperties: false }),
  headers: Type.Object({ "last-event-id": Type.Optional(Type.String({ maxLength: 20 })) }),
  response: {
    200: {
      description: "A page, or the stream.",
      content: {
        "application/json": { schema: EventsPageSchema },
        "text/event-stream": { schema: Type.Unsafe<Readable>({ type: "string", description: "One event a frame." }) },
      },
    },
  },
};

function wantsStream(accept: string | undefined): boolean {
  return (accept ?? "").split(",").some((one) => one.split(";")[0]?.trim().toLowerCase() === "text/event-stream");
}

export function eventsRoute(app: Api, { report }: ApiOptions, streams: EventStreams): void {
  app.get("/api/v1/applications/:namespace/:name/events", { schema }, async (request, reply) => {
    const { namespace, name } = statusFor(request, request.params, report);
    const application = `${namespace}/${name}`;
    if (!wantsStream(request.headers.accept)) return report.events({ application, ...request.query });
    const last = request.headers["last-event-id"];
    const stream = streams.open(application, last === undefined ? undefined : Number(last));
    reply.raw.once("close", () => stream.destroy());
    return reply.header("content-type", "text/event-stream").send(stream);
  });
}

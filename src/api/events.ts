import type { Readable } from "node:stream";
import { Type } from "typebox";
import { EVENT_ORDER, type ReportEvent } from "../report/index.ts";
import { knownTo, statusFor } from "./application.ts";
import { type EventStreams, wantsStream } from "./event-streams.ts";
import type { Api, ApiOptions } from "./options.ts";
import { checked, joinedPage } from "./replicas/everywhere.ts";
import { ApplicationParams, PagingQuery, pageSchema, RefSchema, Time } from "./schemas.ts";

const EventSchema = Type.Object({
  id: Type.Integer({
    description:
      "Rises with each event, also from one replica to the next: the time in microseconds, or one more than the event before has.",
  }),
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

export function eventsRoute(app: Api, options: ApiOptions, streams: EventStreams): void {
  const { report, fleet } = options;
  const isItem = checked<ReportEvent>(EventSchema);
  const url = "/api/v1/applications/:namespace/:name/events";
  app.get(url, { schema, config: { answeredBy: "all" } }, async (request, reply) => {
    if (!wantsStream(request)) {
      const application = knownTo(request, request.params, options);
      const own = () => report.events({ application, ...request.query });
      return await joinedPage(request, { fleet, own, isItem, paging: request.query, order: EVENT_ORDER });
    }
    const { namespace, name } = statusFor(request, request.params, report);
    const last = request.headers["last-event-id"];
    const stream = streams.open(`${namespace}/${name}`, last === undefined ? undefined : Number(last));
    reply.raw.once("close", () => stream.destroy());
    return reply.header("content-type", "text/event-stream").send(stream);
  });
}

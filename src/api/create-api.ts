import swagger from "@fastify/swagger";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import fastify, { LogController } from "fastify";
import { PlumblineError } from "../model/index.ts";
import { guard } from "./access.ts";
import { applicationRoute } from "./application.ts";
import { applicationsRoute } from "./applications.ts";
import { approveRoute } from "./approve.ts";
import { clustersRoute } from "./clusters.ts";
import { deleteRoute } from "./delete.ts";
import { diffRoute } from "./diff.ts";
import { driftRoute } from "./drift.ts";
import { EventStreams } from "./event-streams.ts";
import { eventsRoute } from "./events.ts";
import { fleetsRoute } from "./fleets.ts";
import { historyRoute } from "./history.ts";
import { hooksRoutes } from "./hooks.ts";
import { instructionRoutes } from "./instructions.ts";
import { closingSignal } from "./lifetime.ts";
import { manifestsRoute } from "./manifests.ts";
import { operationsRoutes } from "./operations.ts";
import type { Api, ApiOptions } from "./options.ts";
import { planRoute } from "./plan.ts";
import { ProblemAnswerSchema, sendProblem } from "./problem.ts";
import { projectsRoute } from "./projects.ts";
import { forwardToOwner } from "./replicas/forward.ts";
import { LastKnown } from "./replicas/last-known.ts";
import { questionsRoute } from "./replicas/questions.ts";
import { replicasRoute } from "./replicas-route.ts";
import { resourcesRoute } from "./resources.ts";
import { syncRoute } from "./sync.ts";

/** The API, ready to be listened with. `close()` ends event streams and waits for syncs, then waits for running requests. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const app = bareApi(options);
  answerProblems(app);
  answerHeaders(app);
  guard(app, options.authentication);
  const last = options.fleet === undefined ? undefined : new LastKnown(options.report, Date.now);
  forwardToOwner(app, options.fleet, { ...options, last });
  await describe(app, options.version);
  await routes(app, options, last);
  await app.ready();
  return app;
}

function bareApi({ log }: ApiOptions): Api {
  const logController = new LogController({ disableRequestLogging: true });
  return fastify({
    ...(log === undefined ? { logger: false } : { loggerInstance: log }),
    logController,
    bodyLimit: 1_048_576,
    // A GET for each resource and nothing else: HEAD of a stream would never end.
    exposeHeadRoutes: false,
    // An option that is misspelt is an error: it must not look like one that found nothing.
    ajv: { customOptions: { removeAdditional: false } },
    frameworkErrors: (error, request, reply) => {
      sendProblem(error, reply, request.log);
    },
  }).withTypeProvider<TypeBoxTypeProvider>();
}

function answerProblems(app: Api): void {
  app.setErrorHandler((error, request, reply) => sendProblem(error, reply, request.log));
  app.setNotFoundHandler((request, reply) => {
    const message = `there is no ${request.method} ${request.url.split("?")[0]}`;
    return sendProblem(new PlumblineError("PL-API-NOT-FOUND", { message }), reply, request.log);
  });
  // Before swagger's own hook of this kind, so that the document has it too.
  app.addHook("onRoute", (route) => {
    route.schema = { ...route.schema, response: { ...asObject(route.schema?.response), default: ProblemAnswerSchema } };
  });
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function answerHeaders(app: Api): void {
  app.addHook("onSend", async (_request, reply) => {
    reply.header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  });
}

async function describe(app: Api, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "Plumbline", version, description: "What the fleet is, what drifted and by whom." },
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
      security: [{}, { token: [] }],
    },
  });
}

async function routes(app: Api, options: ApiOptions, last: LastKnown | undefined): Promise<void> {
  const closing = closingSignal(app);
  const streams = new EventStreams(options.report, options.heartbeatMs ?? 15_000);
  closing.addEventListener("abort", () => streams.closeAll());
  applicationsRoute(app, options, last);
  applicationRoute(app, options);
  resourcesRoute(app, options);
  diffRoute(app, options, closing);
  planRoute(app, options, closing);
  manifestsRoute(app, options, closing);
  eventsRoute(app, options, streams);
  historyRoute(app, options);
  instructionRoutes(app, options);
  syncRoute(app, options, closing);
  approveRoute(app, options);
  deleteRoute(app, options);
  driftRoute(app, options);
  fleetsRoute(app, options);
  projectsRoute(app, options);
  clustersRoute(app, options);
  replicasRoute(app, options);
  await hooksRoutes(app, options);
  operationsRoutes(app, options);
  questionsRoute(app, options);
}

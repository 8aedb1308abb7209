import { Type } from "typebox";
import { callerOf } from "./access.ts";
import type { Api, ApiOptions } from "./options.ts";
import { standingProblems } from "./replicas/standing-problems.ts";
import { list } from "./schemas.ts";

const tags = ["operations"];
const open = { access: "open" } as const;

const ReadySchema = Type.Object({
  ready: Type.Boolean(),
  problems: list(
    Type.Object({
      code: Type.String(),
      next: Type.Optional(Type.String({ description: "What to do about it." })),
      message: Type.Optional(Type.String({ description: "Only for those who may see the fleet." })),
    }),
  ),
});

const RootSchema = Type.Object({
  name: Type.String(),
  version: Type.String(),
  links: Type.Record(Type.String(), Type.String()),
});

const LINKS = {
  applications: "/api/v1/applications",
  drift: "/api/v1/drift",
  metrics: "/metrics",
  live: "/livez",
  ready: "/readyz",
  openapi: "/openapi.json",
};

export function operationsRoutes(app: Api, options: ApiOptions): void {
  rootRoute(app, options);
  liveRoute(app);
  readyRoute(app, options);
  metricsRoute(app, options);
  openapiRoute(app);
}

function rootRoute(app: Api, { version }: ApiOptions): void {
  const schema = { operationId: "root", summary: "What is here", tags, response: { 200: RootSchema } };
  app.get("/", { schema }, async () => ({ name: "plumbline", version, links: LINKS }));
}

function liveRoute(app: Api): void {
  const response = { 200: Type.Object({ live: Type.Boolean() }) };
  const schema = { operationId: "live", summary: "The process answers", tags, response };
  app.get("/livez", { schema, config: open }, async () => ({ live: true }));
}

function readyRoute(app: Api, { control, fleet: replicas }: ApiOptions): void {
  const response = { 200: ReadySchema, 503: ReadySchema };
  const schema = { operationId: "ready", summary: "Git and the cluster are within reach", tags, response };
  app.get("/readyz", { schema, config: open }, async (request, reply) => {
    const own = control.readiness();
    const ready = own.ready && replicas?.standing().isHeard !== false;
    const problems = [...standingProblems(replicas), ...own.problems];
    const { fleet } = callerOf(request);
    const shown = problems.map(({ code, message, next }) => (fleet ? { code, message, next } : { code }));
    return reply.code(ready ? 200 : 503).send({ ready, problems: shown });
  });
}

function metricsRoute(app: Api, { metrics }: ApiOptions): void {
  const response = { 200: Type.String({ description: "Prometheus' text format." }) };
  const schema = { operationId: "metrics", summary: "Numbers for Prometheus", tags, response };
  app.get("/metrics", { schema, config: { access: "fleet" } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}

function openapiRoute(app: Api): void {
  let document: string | undefined;
  const response = { 200: Type.Unsafe<string>({ description: "This document (OpenAPI 3.1)." }) };
  const schema = { operationId: "openapi", summary: "What can be asked here", tags, response };
  app.get("/openapi.json", { schema }, async (_request, reply) => {
    document ??= JSON.stringify(app.swagger());
    return reply
      .type("application/json; charset=utf-8")
      .serializer((text: string) => text)
      .send(document);
  });
}

import { expect, test } from "vitest";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

test("the OpenAPI document has every address, each with a name and the problems it may answer", async () => {
  const { api } = await startApi();
  const response = await api.inject("/openapi.json");
  expect(response.headers["content-type"]).toContain("application/json");
  const { openapi, paths } = response.json();
  expect(openapi).toBe("3.1.0");
  expect(
    Object.entries(paths)
      .flatMap(([path, item]) => Object.keys(Object(item)).map((method) => `${method} ${path}`))
      .sort(),
  ).toEqual([
    "delete /api/v1/applications/{namespace}/{name}",
    "get /",
    "get /api/v1/applications",
    "get /api/v1/applications/{namespace}/{name}",
    "get /api/v1/applications/{namespace}/{name}/diff",
    "get /api/v1/applications/{namespace}/{name}/events",
    "get /api/v1/applications/{namespace}/{name}/history",
    "get /api/v1/applications/{namespace}/{name}/manifests",
    "get /api/v1/applications/{namespace}/{name}/plan",
    "get /api/v1/applications/{namespace}/{name}/resources",
    "get /api/v1/clusters",
    "get /api/v1/drift",
    "get /api/v1/fleets",
    "get /api/v1/projects",
    "get /api/v1/replicas",
    "get /livez",
    "get /metrics",
    "get /openapi.json",
    "get /readyz",
    "post /api/v1/applications/{namespace}/{name}/approve",
    "post /api/v1/applications/{namespace}/{name}/resume",
    "post /api/v1/applications/{namespace}/{name}/rollback",
    "post /api/v1/applications/{namespace}/{name}/suspend",
    "post /api/v1/applications/{namespace}/{name}/sync",
    "post /api/v1/applications/{namespace}/{name}/unpin",
    "post /hooks/generic",
    "post /hooks/github",
  ]);
  for (const item of Object.values(paths)) {
    for (const operation of Object.values(Object(item))) {
      expect(operation).toMatchObject({ operationId: expect.any(String), responses: { default: expect.anything() } });
    }
  }
});

test("every route that is served stands in the document", async () => {
  const { api } = await startApi();
  const { paths } = (await api.inject("/openapi.json")).json();
  const documented = Object.keys(paths).map((path) => path.replaceAll(/\{(\w+)\}/g, ":$1"));
  for (const url of documented) {
    const methods = (["GET", "POST", "DELETE"] as const).filter((method) => api.hasRoute({ method, url }));
    expect(methods.map((method) => method.toLowerCase())).toEqual(
      Object.keys(paths[url.replaceAll(/:(\w+)/g, "{$1}")]),
    );
  }
});

test("the root says what is here, and metrics are Prometheus' text", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  expect((await api.inject("/")).json()).toMatchObject({
    name: "plumbline",
    version: "0.0.0-test",
    links: { drift: "/api/v1/drift" },
  });
  const metrics = await api.inject("/metrics");
  expect(metrics.headers["content-type"]).toContain("text/plain");
  expect(metrics.body).toContain('plumbline_applications{sync="Synced",health="Healthy"} 1');
});

import { expect, test } from "vitest";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const SYNC = "/api/v1/applications/shop/web/sync";

test.each(["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080"])("Host %s is answered", async (host) => {
  const { api } = await startApi();
  expect((await api.inject({ url: "/api/v1/applications", headers: { host } })).statusCode).toBe(200);
});

test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "10.0.0.1"])(
  "Host %s is refused: a page may have made its own name point here",
  async (host) => {
    const { api } = await startApi();
    const response = await api.inject({ url: "/api/v1/applications", headers: { host } });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ code: "PL-API-HOST" });
  },
);

test.each([
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ "sec-fetch-site": "same-site" }, 403],
  [{ "sec-fetch-site": "same-origin", origin: "http://localhost:8080" }, 202],
  [{ origin: "http://evil.example" }, 403],
  [{ origin: "null" }, 403],
  [{ origin: "http://localhost:9999" }, 403],
  [{ origin: "http://localhost:8080" }, 202],
  [{}, 202],
])("a sync asked for with %j is answered %i", async (headers, expected) => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  const response = await api.inject({ method: "POST", url: SYNC, headers: { host: "localhost:8080", ...headers } });
  expect(response.statusCode).toBe(expected);
  expect(control.asked.length).toBe(expected === 202 ? 1 : 0);
});

test("probes are answered whatever the Host header says, and tell strangers no details", async () => {
  const { api, control } = await startApi();
  control.notReady({ code: "PL-KUBE-UNREACHABLE", message: "10.0.0.1 refuses", next: "wait", retry: "soon" });
  const response = await api.inject({ url: "/readyz", headers: { host: "10.1.2.3:8080" } });
  expect([response.statusCode, response.json()]).toEqual([
    503,
    { ready: false, problems: [{ code: "PL-KUBE-UNREACHABLE" }] },
  ]);
  expect((await api.inject({ url: "/livez", headers: { host: "10.1.2.3" } })).statusCode).toBe(200);
});

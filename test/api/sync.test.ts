import { expect, test } from "vitest";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const SYNC = "/api/v1/applications/shop/web/sync";

test("a sync is asked for and answered with the pass that does it", async () => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  const response = await api.inject({ method: "POST", url: SYNC });
  expect([response.statusCode, response.json()]).toEqual([202, { application: "shop/web", pass: 1 }]);
  expect(control.asked).toEqual(["shop/web"]);
});

test("with wait the answer is the status after the pass", async () => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  const answered = api.inject({ method: "POST", url: `${SYNC}?wait=true&timeout=1m` });
  control.endPass(status("shop/web", { sync: { status: "Synced", message: "done" } }));
  const response = await answered;
  expect([response.statusCode, response.json().sync.message]).toEqual([200, "done"]);
});

test("a wait that is over before the pass is answered like no wait", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const response = await api.inject({ method: "POST", url: `${SYNC}?wait=true&timeout=20ms` });
  expect([response.statusCode, response.json()]).toEqual([202, { application: "shop/web", pass: 1 }]);
});

test("closing the server ends the waits", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const answered = api.inject({ method: "POST", url: `${SYNC}?wait=true&timeout=10m` });
  await new Promise((resolve) => setImmediate(resolve));
  await api.close();
  expect((await answered).statusCode).toBe(202);
});

test.each(["timeout=soon", "timeout=0s", "timeout=11m", "wait=perhaps"])(
  "?%s is refused, and nothing is asked for",
  async (query) => {
    const { api, control } = await startApi({}, [status("shop/web")]);
    const response = await api.inject({ method: "POST", url: `${SYNC}?${query}` });
    expect([response.statusCode, response.json().where]).toEqual([400, query.split("=")[0]]);
    expect(control.asked).toEqual([]);
  },
);

test("an application that is not there is not found", async () => {
  const { api } = await startApi();
  expect((await api.inject({ method: "POST", url: SYNC })).json()).toMatchObject({ code: "PL-API-NOT-FOUND" });
});

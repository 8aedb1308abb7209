import { expect, test } from "vitest";
import { change, deployment, drifted, resource, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

test("pages of applications follow each other by the token in `next`", async () => {
  const { api, report } = await startApi(
    {},
    ["a/1", "a/2", "a/3"].map((name) => status(name)),
  );
  const first = (await api.inject("/api/v1/applications?limit=2")).json();
  report.remove("a/1");
  const second = (await api.inject(`/api/v1/applications?limit=2&continue=${first.next}`)).json();
  expect(first.items.map((item: { name: string }) => item.name)).toEqual(["1", "2"]);
  expect(second.items.map((item: { name: string }) => item.name)).toEqual(["3"]);
  expect(second).not.toHaveProperty("next");
});

test("applications are narrowed by sync, health and namespace", async () => {
  const { api } = await startApi({}, [status("a/1"), drifted("a/2"), status("b/1")]);
  const totals = ["sync=Drifted", "health=Healthy", "namespace=b", "sync=Drifted&namespace=b"].map(
    async (query) => (await api.inject(`/api/v1/applications?${query}`)).json().total,
  );
  expect(await Promise.all(totals)).toEqual([1, 3, 1, 0]);
});

test.each([
  ["limit=0", "limit"],
  ["limit=1001", "limit"],
  ["limit=many", "limit"],
  ["sync=drifted", "sync"],
  ["helth=Healthy", "helth"],
  ["continue=nonsense", "continue"],
])("?%s is refused, and the field named", async (query, where) => {
  const { api } = await startApi();
  const response = await api.inject(`/api/v1/applications?${query}`);
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: "PL-API-BAD-REQUEST", where });
});

test("a value that is not one of a few is answered with the few", async () => {
  const { api } = await startApi();
  const { detail } = (await api.inject("/api/v1/applications?health=fine")).json();
  expect(detail).toContain("Healthy, Suspended, Progressing, Missing, Degraded, Unknown");
});

test("drift is narrowed by application and class", async () => {
  const { api } = await startApi({}, [drifted("a/1"), drifted("a/2", [change({ class: "foreign" })])]);
  expect((await api.inject("/api/v1/drift?class=foreign")).json().items).toMatchObject([{ application: "a/2" }]);
  expect((await api.inject("/api/v1/drift?application=a%2F1")).json().total).toBe(1);
  expect((await api.inject("/api/v1/drift?class=pending")).statusCode).toBe(400);
  expect((await api.inject("/api/v1/drift?state=ended")).json().total).toBe(0);
  expect((await api.inject("/api/v1/drift?state=closed")).statusCode).toBe(400);
});

test("objects and diffs are paged too, and a diff leaves out what does not differ", async () => {
  const resources = ["c", "a", "b"].map((name) => resource(deployment(name), name === "a" ? [] : [change()]));
  const { api } = await startApi({}, [status("shop/web", { resources })]);
  const base = "/api/v1/applications/shop/web";
  const first = (await api.inject(`${base}/resources?limit=2`)).json();
  const second = (await api.inject(`${base}/resources?limit=2&continue=${first.next}`)).json();
  const names = [...first.items, ...second.items].map((item: { ref: { name: string } }) => item.ref.name);
  expect(names).toEqual(["a", "b", "c"]);
  expect((await api.inject(`${base}/diff`)).json()).toMatchObject({
    total: 2,
    items: [{ ref: { name: "b" } }, { ref: { name: "c" } }],
  });
});

test.each(["", "/resources", "/diff", "/plan", "/manifests", "/events"])(
  "an application that is not there: 404 at %s",
  async (part) => {
    const { api } = await startApi();
    const response = await api.inject(`/api/v1/applications/shop/none${part}`);
    expect(response.statusCode).toBe(404);
    expect(response.json()).toMatchObject({ code: "PL-API-NOT-FOUND", where: "shop/none" });
  },
);

test("the first page of 10,000 applications has less than 60 kB", async () => {
  const resources = ["a", "b", "c", "d"].map((name) => resource(deployment(name), name === "a" ? [change()] : []));
  const fleet = Array.from({ length: 10_000 }, (_, n) => status(`team-${n % 50}/app-${n}`, { resources }));
  const { api } = await startApi({}, fleet);
  const times: number[] = [];
  let bytes = 0;
  for (let n = 0; n < 30; n++) {
    const start = performance.now();
    const { rawPayload } = await api.inject("/api/v1/applications");
    times.push(performance.now() - start);
    bytes = rawPayload.length;
  }
  const median = times.sort((a, b) => a - b)[15] ?? Number.NaN;
  // How long it takes is printed, not tested: machines are noisy.
  console.log(`first page of 10,000 applications: median ${median.toFixed(2)} ms, ${bytes} bytes`);
  expect(bytes).toBeLessThan(60_000);
});

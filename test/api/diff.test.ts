import { expect, test } from "vitest";
import type { Difference } from "../../src/sync/index.ts";
import { change, deployment, resource, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const URL = "/api/v1/applications/shop/web/diff";

function difference(name: string): Difference {
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas: 5, list: [1, null] },
  };
  return {
    resource: resource(deployment(name), [change()]),
    sides: () => ({ before: object, after: { ...object, spec: { replicas: 2 } } }),
    patch: () => [
      { op: "replace", path: "/spec/replicas", value: 2 },
      { op: "remove", path: "/spec/list" },
    ],
  };
}

async function ask(query: string, found: readonly Difference[] = [difference("web")]) {
  const { api, control } = await startApi({}, [status("shop/web")]);
  control.found.set("shop/web", found);
  const response = await api.inject(`${URL}?${query}`);
  return { status: response.statusCode, body: response.json() };
}

test("a patch is shown beside the fields when it is asked for", async () => {
  const { resource: found, patch } = difference("web");
  expect((await ask("show=patch")).body).toEqual({
    items: [{ ref: found.ref, sync: found.sync, changes: found.changes, patch: patch() }],
    total: 1,
  });
});

test("both sides are shown, every field of theirs, and one alone where there is only one", async () => {
  const { sides, ...rest } = difference("new");
  const { after = {} } = sides();
  const { body } = await ask("show=objects", [difference("web"), { ...rest, sides: () => ({ after }) }]);
  const [created, changed] = body.items;
  expect(changed).toMatchObject(difference("web").sides());
  expect(created.after).toEqual(after);
  expect(created).not.toHaveProperty("before");
  expect(changed).not.toHaveProperty("patch");
});

test("objects that do not differ are left out, and a page of whole objects has at most 100", async () => {
  const many = Array.from({ length: 250 }, (_, index) => difference(`web-${index}`));
  const same = { ...difference("same"), resource: resource(deployment("same")) };
  const { body } = await ask("show=objects&limit=1000", [same, ...many]);
  expect(body).toMatchObject({ total: 250, next: expect.any(String) });
  expect(body.items).toHaveLength(100);
});

test("a page of large objects ends early, with at least one, and the next page goes on", async () => {
  const large = (name: string): Difference => ({
    ...difference(name),
    sides: () => ({ before: { apiVersion: "v1", kind: "ConfigMap", data: { a: "x".repeat(9_000_000) } } }),
  });
  const { api, control } = await startApi({}, [status("shop/web")]);
  control.found.set("shop/web", [large("a"), large("b"), large("c")]);
  const first = (await api.inject(`${URL}?show=objects`)).json();
  const second = (await api.inject(`${URL}?show=objects&continue=${first.next}`)).json();
  const names = [first, second].map(({ items }) => items.map(({ ref }: { ref: { name: string } }) => ref.name));
  expect(names).toEqual([["a"], ["b"]]);
  expect(second).toMatchObject({ total: 3, next: expect.any(String) });
});

test("other shows, and applications that are not there, are told", async () => {
  expect(await ask("show=yaml")).toMatchObject({ status: 400, body: { code: "PL-API-BAD-REQUEST" } });
  const { api } = await startApi({}, [status("shop/web")]);
  const response = await api.inject("/api/v1/applications/shop/none/diff?show=patch");
  expect(response.json()).toMatchObject({ status: 404, code: "PL-API-NOT-FOUND" });
});

import { expect, test } from "vitest";
import type { Manifest } from "../../src/model/index.ts";
import { problem, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const revision = "b".repeat(40);

function manifest(name: string, over: Partial<Manifest> = {}): Manifest {
  return {
    ref: { group: "", version: "v1", kind: "ConfigMap", name },
    object: { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "1", list: [1, null, { b: true }] } },
    origin: { repo: "https://git.example/shop.git", revision, file: `web/${name}.yaml`, line: 3 },
    ...over,
  };
}

const HOOK = { events: ["pre-install"], weight: -5, deletePolicies: ["hook-succeeded"] };
const URL = "/api/v1/applications/shop/web/manifests";

test("manifests are answered in the order of the render, with origin and hook, and every field of the objects", async () => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  const manifests = [manifest("z", { hook: HOOK }), manifest("a")];
  const rendered = { revision, manifests, problems: [problem()], warnings: ["deprecated"], notes: "Welcome.\n" };
  control.renders.set("shop/web", rendered);
  const { manifests: items, ...rest } = rendered;
  expect((await api.inject(URL)).json()).toEqual({ ...rest, items, total: 2 });
});

test("manifests are paged, each page with what holds for all", async () => {
  const { api, control } = await startApi({}, [status("shop/web")]);
  const manifests = Array.from({ length: 12 }, (_, index) => manifest(`c-${index}`));
  control.renders.set("shop/web", { revision, manifests, problems: [], warnings: [] });
  const first = (await api.inject(`${URL}?limit=11`)).json();
  const second = (await api.inject(`${URL}?limit=11&continue=${first.next}`)).json();
  expect(first).toMatchObject({ total: 12, revision });
  expect([...first.items, ...second.items]).toEqual(manifests);
  expect(second).not.toHaveProperty("next");
  expect(second).toMatchObject({ total: 12, revision, problems: [], warnings: [] });
});

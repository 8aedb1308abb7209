import { expect, test } from "vitest";
import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import { project, SHOP } from "../plan/project/projects.ts";
import { startApi } from "./api-fixture.ts";

test("Projects are told with their applications to those who may see one of them", async () => {
  const viewer = { role: "viewer" as const };
  const entries = [
    { name: "all", sha256: hashToken("all"), ...viewer },
    { name: "team", sha256: hashToken("team"), ...viewer, applications: ["team-a/web"] },
    { name: "other", sha256: hashToken("other"), ...viewer, applications: ["team-b/*"] },
  ];
  const { api, control } = await startApi({ authentication: createAuthenticator(() => entries) });
  const { spec } = project("shop", { ...SHOP, description: "the shop's" });
  const shop = { name: "shop", spec, applications: ["team-a/api", "team-a/web"], held: ["team-a/api"], problems: [] };
  control.known.push(shop, { name: "empty", spec, applications: [], held: [], problems: [] });
  const told = async (token: string) =>
    (await api.inject({ url: "/api/v1/projects", headers: { authorization: `Bearer ${token}` } })).json().items;
  expect(await told("all")).toMatchObject([shop, { name: "empty" }]);
  expect(await told("team")).toEqual([{ ...shop, applications: ["team-a/web"], held: [] }]);
  expect(await told("other")).toEqual([]);
});

import { expect, test } from "vitest";
import { createAuthenticator, hashToken } from "../../src/api/index.ts";
import { startApi } from "./api-fixture.ts";

test("declarations of many are told with their members to those who may see them", async () => {
  const entries = [
    { name: "all", sha256: hashToken("all"), role: "viewer" as const },
    { name: "team", sha256: hashToken("team"), role: "viewer" as const, applications: ["team-a/apps", "team-a/web"] },
    { name: "other", sha256: hashToken("other"), role: "viewer" as const, applications: ["team-b/*"] },
  ];
  const { api, control } = await startApi({ authentication: createAuthenticator(() => entries) });
  const fleet = {
    namespace: "team-a",
    name: "apps",
    members: ["team-a/api", "team-a/web"],
    problems: [],
    unsure: "why",
  };
  control.declared.push(fleet);
  const told = async (token: string) =>
    (await api.inject({ url: "/api/v1/fleets", headers: { authorization: `Bearer ${token}` } })).json().items;
  expect(await told("all")).toEqual([fleet]);
  expect(await told("team")).toEqual([{ ...fleet, members: ["team-a/web"] }]);
  expect(await told("other")).toEqual([]);
});

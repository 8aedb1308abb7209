import { expect, test } from "vitest";
import { clusterAs, keyOf, leaseAs } from "../../src/sync/tenant-cluster.ts";

test("a client is asked for by names of Kubernetes, and by nothing that could be part of a header", () => {
  const accountOf = (serviceAccount: string) => keyOf({ cluster: "east", serviceAccount }).serviceAccount;
  expect(keyOf({ cluster: "east", serviceAccount: undefined })).toEqual({ cluster: "east" });
  expect(accountOf("shop/deployer.v2")).toEqual({ namespace: "shop", name: "deployer.v2" });
  for (const odd of [
    "",
    "/",
    "deployer",
    "shop/",
    "/x",
    "a/b/c",
    "shop/x\r\nImpersonate-Group: system:masters",
    "shop/x:y",
    "shop/x\n",
  ])
    expect(accountOf(odd), JSON.stringify(odd)).toEqual({ namespace: "", name: "" });
});

test("who names no service account has the client of his cluster itself", () => {
  const asked: unknown[] = [];
  const home = { name: "home" } as never;
  const give = (key: unknown) => {
    asked.push(key);
    return home;
  };
  const tenant = {
    cluster: "home",
    serviceAccount: undefined,
    parent: { group: "", version: "v1", kind: "ConfigMap", name: "p" },
  };
  expect(clusterAs({ of: give }, tenant)).toBe(home);
  expect(leaseAs({ lease: give }, tenant)).toBe(home);
  expect(asked).toEqual([{ cluster: "home" }, { cluster: "home" }]);
});

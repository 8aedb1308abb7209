import { expect, test } from "vitest";
import { replicaSettings } from "../../src/cli/settings/replicas.ts";

const whole = { replicas: "leases", replicaAddress: "http://a:8080/", replicaTokenFile: "token" } as const;

test("a replica has to be found, reached and known, or is alone", () => {
  expect(replicaSettings({})).toBeUndefined();
  expect(replicaSettings(whole)).toEqual({ by: "leases", address: "http://a:8080", tokenFile: "token" });
  expect(() => replicaSettings({ replicas: "leases" })).toThrow(/go together/);
});

test("replicas do not share a queue in which each could take the turn of another", () => {
  expect(() => replicaSettings({ ...whole, redis: "redis://127.0.0.1" })).toThrow(
    expect.objectContaining({ code: "PL-CONFIG-INVALID", where: "--replicas, --redis" }),
  );
});

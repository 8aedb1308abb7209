import { expect, test } from "vitest";
import { replicaSettings } from "../../src/cli/settings/replicas.ts";

const whole = { replicas: "leases", replicaAddress: "http://a:8080/", replicaTokenFile: "token" } as const;
const redis = { kind: "single", nodes: [{ host: "127.0.0.1", port: 6379 }], tls: false } as const;

test("a replica has to be found, reached and known, or is alone", () => {
  expect(replicaSettings({}, undefined)).toBeUndefined();
  const rest = { address: "http://a:8080", tokenFile: "token" };
  expect(replicaSettings(whole, undefined)).toEqual({ by: { kind: "leases" }, ...rest });
  expect(replicaSettings({ ...whole, replicas: "redis" }, redis)).toEqual({ by: { kind: "redis", redis }, ...rest });
  expect(() => replicaSettings({ replicas: "leases" }, undefined)).toThrow(/go together/);
});

test("Redis is given to replicas that find one another there, and to no others", () => {
  for (const [replicas, given] of [["leases", redis] as const, ["redis", undefined] as const])
    expect(() => replicaSettings({ ...whole, replicas }, given)).toThrow(
      expect.objectContaining({ code: "PL-CONFIG-INVALID", next: expect.stringContaining("give --") }),
    );
});

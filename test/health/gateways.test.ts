import { expect, test } from "vitest";
import { assess } from "../../src/health/index.ts";
import { live } from "./live.ts";

const GROUP = "gateway.networking.k8s.io/v1";
const is = (type: string, status: string, reason = "", observedGeneration = 2) => ({
  type,
  status,
  reason,
  observedGeneration,
});
const given = (kind: string, status: object) => {
  const health = assess(live(`${GROUP} ${kind}`, { status }));
  return `${health.status}: ${health.message}`;
};
const GOOD = [is("Accepted", "True", "Accepted"), is("ResolvedRefs", "True", "ResolvedRefs")];
const parent = (name: string, ...conditions: object[]) => ({ parentRef: { name }, conditions });

test.each<[string, object, string]>([
  ["that nobody has answered", {}, "Progressing: no gateway has answered yet"],
  ["with an empty answer", { parents: [parent("edge")] }, "Progressing: no gateway has answered yet"],
  ["that is accepted", { parents: [parent("edge", ...GOOD)] }, "Healthy: accepted by Gateway edge"],
  [
    "whose backend is missing",
    { parents: [parent("edge", ...GOOD), parent("inner", is("ResolvedRefs", "False", "BackendNotFound"))] },
    "Degraded: Gateway inner: BackendNotFound",
  ],
  [
    "whose answer is about an older spec",
    { parents: [parent("edge", is("Accepted", "True", "Accepted", 1))] },
    "Progressing: the controller has not seen the newest spec yet",
  ],
  [
    "whose gateway has not come to it",
    { parents: [parent("edge", is("Accepted", "False", "Pending"))] },
    "Progressing: Gateway edge: Pending",
  ],
])("a route %s", (_, status, verdict) => {
  for (const kind of ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"])
    expect(given(kind, status)).toBe(verdict);
});

const listener = (name: string, ...conditions: object[]) => ({ name, conditions });

test.each<[string, object, string]>([
  ["without a controller", {}, "Progressing: no controller has answered yet"],
  [
    "that serves",
    { conditions: [...GOOD, is("Programmed", "True")], listeners: [listener("web", ...GOOD)] },
    "Healthy: 1 listeners",
  ],
  [
    "that is being programmed",
    { conditions: [...GOOD, is("Programmed", "False", "AddressNotAssigned")] },
    "Progressing: AddressNotAssigned",
  ],
  [
    "with a listener without its certificate",
    {
      conditions: GOOD,
      listeners: [listener("web", ...GOOD), listener("tls", is("ResolvedRefs", "False", "InvalidCertificateRef"))],
    },
    "Degraded: listener tls: InvalidCertificateRef",
  ],
  [
    "with listeners in each other's way",
    { conditions: GOOD, listeners: [listener("web", is("Conflicted", "True", "HostnameConflict"))] },
    "Degraded: listener web: HostnameConflict",
  ],
])("a Gateway %s", (_, status, verdict) => {
  expect(given("Gateway", status)).toBe(verdict);
});

test("a class of gateways is what its controller accepts", () => {
  expect(given("GatewayClass", { conditions: [is("Accepted", "True")] })).toBe("Healthy: accepted by its controller");
  expect(given("GatewayClass", { conditions: [is("Accepted", "Unknown", "Waiting")] })).toBe("Progressing: Waiting");
  expect(given("GatewayClass", { conditions: [is("Accepted", "False", "InvalidParameters")] })).toBe(
    "Degraded: InvalidParameters",
  );
});

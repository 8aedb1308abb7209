import { DEFINITION, definition, GROUP, isEstablished, served, version, WIDGETS, widget } from "../definitions.ts";
import { DEFINITIONS } from "../objects.ts";
import {
  type Answer,
  ask,
  del,
  get,
  given,
  MERGE_PATCH,
  patch,
  picked,
  post,
  put,
  scenario,
  type Theme,
  until,
  watch,
} from "../scenario.ts";

const isGone = ({ status }: Answer): boolean => status === 404;
const twoVersions = [version("v1"), version("v2", { storage: false })];
const V2 = `/apis/${GROUP}/v2/namespaces/$ns/widgets`;

/** The conditions come one by one, in the server's own time; their order is not compared. */
function sortedConditions(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) =>
    key === "conditions" && Array.isArray(value)
      ? value.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
      : value,
  );
}

/** The stored resourceVersion counts how often the server wrote conditions: it is left out. */
const settled = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(sortedConditions(body)), (key, value: unknown) =>
    key === "resourceVersion" ? undefined : value,
  );

export const CUSTOM_DEFINITIONS: Theme = {
  name: "definitions",
  scenarios: [
    scenario("a definition is established, and its kind served and discovered", [
      picked(post(DEFINITIONS, definition()), settled),
      picked(until(get(DEFINITION), isEstablished), settled),
      until(get(WIDGETS), ({ status }) => status === 200),
      until(picked(get(`/apis/${GROUP}/v1`), withoutHash), ({ status }) => status === 200),
      get(`/apis/${GROUP}`),
      post(WIDGETS, widget("a", { size: 3 })),
      get(`/apis/${GROUP}/v1/widgets`),
    ]),
    scenario("what is no definition is refused", [
      post(DEFINITIONS, { ...definition(), metadata: { name: "widgets" } }),
      post(DEFINITIONS, definition({ scope: "Everywhere" })),
      post(DEFINITIONS, definition({ versions: [] })),
      post(DEFINITIONS, definition({ versions: [{ name: "v1", served: true, storage: true }] })),
      post(DEFINITIONS, definition({ versions: [version("v1"), version("v2")] })),
      post(DEFINITIONS, definition({ versions: [version("v1", { storage: false })] })),
      post(
        DEFINITIONS,
        definition({
          versions: [version("v1", { schema: { openAPIV3Schema: { type: "object", properties: { spec: {} } } } })],
        }),
      ),
      post(DEFINITIONS, definition({ group: "other.example.com" })),
    ]),
    scenario("a definition that goes takes its objects along", [
      ...served(),
      given(post(WIDGETS, widget("a", { size: 3 }))),
      picked(del(DEFINITION), settled),
      given(until(get(DEFINITION), isGone)),
      until(get(WIDGETS), isGone),
      ...served(),
      get(`${WIDGETS}/a`),
    ]),
    scenario("a definition waits for objects that a finalizer holds", [
      ...served(),
      given(post(WIDGETS, { ...widget("a", { size: 3 }), metadata: { name: "a", finalizers: ["example.com/hold"] } })),
      given(del(DEFINITION)),
      until(get(`${WIDGETS}/a`), ({ body }) => JSON.stringify(body).includes("deletionTimestamp")),
      until(post(WIDGETS, widget("b", { size: 1 })), ({ status }) => status !== 201),
      patch(MERGE_PATCH, `${WIDGETS}/a`, { metadata: { finalizers: [] } }),
      until(get(DEFINITION), isGone),
    ]),
    scenario("an object is the same in every version", [
      ...served({ versions: twoVersions }),
      post(WIDGETS, widget("a", { size: 3 })),
      get(`${V2}/a`),
      post(V2, { ...widget("b", { size: 4 }), apiVersion: `${GROUP}/v2` }),
      get(WIDGETS),
      put(`${V2}/a`, widget("a", { size: 3 })),
      get(`/apis/${GROUP}`),
    ]),
    scenario("a version that is no longer served is gone", [
      ...served({ versions: twoVersions }),
      given(post(WIDGETS, widget("a", { size: 3 }))),
      given(
        patch(MERGE_PATCH, DEFINITION, {
          spec: { versions: [version("v1"), version("v2", { storage: false, served: false })] },
        }),
      ),
      until(get(`${V2}/a`), isGone),
      get(`${WIDGETS}/a`),
    ]),
    scenario("kinds of the cluster have no namespace", [
      given(post(DEFINITIONS, definition({ scope: "Cluster" }))),
      given(until(get(`/apis/${GROUP}/v1/widgets`), ({ status }) => status === 200)),
      post(`/apis/${GROUP}/v1/widgets`, widget("a", { size: 3 })),
      get(`/apis/${GROUP}/v1/widgets/a`),
      get(WIDGETS),
    ]),
    scenario("names that are taken are not accepted", [
      ...served(),
      given(
        post(DEFINITIONS, {
          ...definition({ names: { kind: "Widget", plural: "gadgets", singular: "gadget", listKind: "GadgetList" } }),
          metadata: { name: `gadgets.${GROUP}` },
        }),
      ),
      picked(
        until(get(`${DEFINITIONS}/gadgets.${GROUP}`), ({ body }) => JSON.stringify(body).includes("Conflict")),
        conditions,
      ),
    ]),
    scenario("custom resources are watched", [
      ...served(),
      post(WIDGETS, widget("a", { size: 3 })),
      watch(`${WIDGETS}?watch=true`, 3, [
        patch(MERGE_PATCH, `${WIDGETS}/a`, { spec: { size: 4 } }),
        ask({ method: "DELETE", path: `${WIDGETS}/a` }),
      ]),
    ]),
  ],
};

function conditions(body: unknown): unknown {
  const types = [...JSON.stringify(body).matchAll(/"type":"(\w+)","status":"(\w+)"[^}]*?"reason":"(\w+)"/g)];
  return types.map(([, type, status, reason]) => `${type} ${status} ${reason}`).sort();
}

function withoutHash(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (key, value: unknown) => (key === "storageVersionHash" ? undefined : value));
}

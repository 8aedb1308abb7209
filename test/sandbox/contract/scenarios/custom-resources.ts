import { GROUP, served, version, WIDGETS, widget } from "../definitions.ts";
import {
  apply,
  ask,
  del,
  get,
  given,
  JSON_PATCH,
  MERGE_PATCH,
  patch,
  post,
  put,
  STRATEGIC_PATCH,
  scenario,
  type Theme,
  versionOf,
} from "../scenario.ts";

const W = `${WIDGETS}/a`;
const AS_TABLE = { headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" } };
const subresources = {
  versions: [
    version("v1", {
      subresources: {
        status: {},
        scale: {
          specReplicasPath: ".spec.replicas",
          statusReplicasPath: ".status.replicas",
          labelSelectorPath: ".status.selector",
        },
      },
    }),
  ],
};
const columns = {
  versions: [
    version("v1", {
      additionalPrinterColumns: [
        { name: "Size", type: "integer", jsonPath: ".spec.size", description: "How large." },
        { name: "Colour", type: "string", jsonPath: ".spec.colour", priority: 1 },
        { name: "Parts", type: "string", jsonPath: ".spec.parts[*].name" },
        { name: "Heavy", type: "string", jsonPath: '.spec.parts[?(@.name=="x")].weight' },
        { name: "Made", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
    }),
  ],
};

export const CUSTOM_RESOURCES: Theme = {
  name: "custom resources",
  scenarios: [
    scenario("a custom resource is defaulted and pruned by its schema", [
      ...served(),
      post(
        WIDGETS,
        widget("a", { size: 3, unheard: 1, free: { any: { thing: [1] } }, parts: [{ name: "x" }], port: "http" }),
      ),
      post(`${WIDGETS}?fieldValidation=Strict`, widget("b", { size: 3, unheard: 1, parts: [{ name: "x", extra: 1 }] })),
      post(`${WIDGETS}?fieldValidation=Warn`, widget("c", { size: 3, unheard: 1 }, { more: 1 })),
      post(WIDGETS, widget("d", { size: 3, colour: null, maybe: null })),
      get(W),
    ]),
    scenario("a custom resource that its schema does not have is refused", [
      ...served(),
      post(WIDGETS, widget("a", {})),
      post(WIDGETS, widget("a", { size: "three" })),
      post(WIDGETS, widget("a", { size: 0 })),
      post(WIDGETS, widget("a", { size: 101 })),
      post(WIDGETS, widget("a", { size: 1, colour: "blue" })),
      post(WIDGETS, widget("a", { size: 3.5 })),
      post(WIDGETS, widget("a", { size: 3, parts: [{ name: "x" }, { name: "x" }] })),
      post(WIDGETS, widget("a", { size: 3, parts: [{ weight: 1 }] })),
      post(WIDGETS, widget("a", { size: 3, tags: ["x", "x"] })),
      post(WIDGETS, widget("a", { size: 3, pattern: "bbbbbbb" })),
      post(WIDGETS, widget("a", { size: 3, port: true })),
      post(WIDGETS, widget("a", { size: null })),
      post(WIDGETS, { ...widget("a", { size: 3 }), spec: "text" }),
      post(WIDGETS, { apiVersion: `${GROUP}/v1`, kind: "Widget", metadata: { name: "empty" } }),
    ]),
    scenario("a wrong metadata or kind is refused", [
      ...served(),
      post(WIDGETS, { ...widget("a", { size: 3 }), metadata: { name: "a", labels: { x: 1 } } }),
      post(WIDGETS, widget("Upper", { size: 3 })),
      post(WIDGETS, { ...widget("a", { size: 3 }), kind: "Gadget" }),
      post(WIDGETS, { ...widget("a", { size: 3 }), apiVersion: `${GROUP}/v2` }),
      post(WIDGETS, { metadata: { name: "a" }, spec: { size: 3 } }),
      get(`${WIDGETS}/absent`),
      get(`${WIDGETS}/absent/status`),
    ]),
    scenario("a custom resource is updated, with a generation that counts", [
      ...served(),
      post(WIDGETS, widget("a", { size: 3 })),
      put(W, widget("a", { size: 3 })),
      ask((answers) => ({
        method: "PUT",
        path: W,
        body: {
          ...widget("a", { size: 4 }),
          metadata: { name: "a", resourceVersion: versionOf(answers, 3) },
          status: { phase: "Made" },
        },
      })),
      patch(MERGE_PATCH, W, { metadata: { labels: { x: "y" } } }),
      patch(MERGE_PATCH, W, { spec: { size: 0 } }),
      patch(JSON_PATCH, W, [{ op: "replace", path: "/spec/size", value: 5 }]),
      patch(STRATEGIC_PATCH, W, { spec: { size: 6 } }),
      del(W),
    ]),
    scenario(
      "status and scale are written by themselves where the definition says so",
      [
        ...served(subresources),
        post(WIDGETS, widget("a", { size: 3, replicas: 2 }, { status: { phase: "Made" } })),
        patch(MERGE_PATCH, `${W}/status`, {
          status: { phase: "Made", replicas: 1, selector: "a=b" },
          spec: { size: 9 },
        }),
        patch(MERGE_PATCH, W, { status: { phase: "Lost" } }),
        get(`${W}/scale`),
        patch(MERGE_PATCH, `${W}/scale`, { spec: { replicas: 5 } }),
        put(`${W}/scale`, {
          apiVersion: "autoscaling/v1",
          kind: "Scale",
          metadata: { name: "a" },
          spec: { replicas: 6 },
        }),
        get(W),
        patch(MERGE_PATCH, `${W}/status`, { status: { phase: 7 } }),
      ],
      { managers: true },
    ),
    scenario("without them there is no status and no scale of its own", [
      ...served(),
      given(post(WIDGETS, widget("a", { size: 3, replicas: 2 }))),
      get(`${W}/status`),
      get(`${W}/scale`),
    ]),
    scenario(
      "custom resources are applied, with ownership by their schema's lists",
      [
        ...served(),
        apply(W, widget("a", { size: 3, parts: [{ name: "x", weight: 1 }], tags: ["s"], free: { a: { b: 1 } } })),
        apply(`${W}?fieldManager=other`, widget("a", { size: 3, parts: [{ name: "y", weight: 2 }], tags: ["t"] })),
        apply(`${W}?fieldManager=other`, widget("a", { size: 4, parts: [{ name: "x", weight: 9 }] })),
        apply(W, widget("a", { size: 3 })),
        apply(W, widget("a", { size: "three" })),
        apply(W, widget("a", { size: 3, unheard: 1 })),
        apply(`${W}?fieldValidation=Strict`, widget("a", { size: 3, unheard: 1 })),
        apply(`${W}?fieldValidation=Warn`, widget("a", { size: 3, unheard: 1 })),
        apply(W, widget("a", { size: 3, parts: [{ name: "z" }, { name: "z" }] })),
      ],
      { managers: true },
    ),
    scenario("the columns of a Table are the definition's", [
      ...served(columns),
      given(post(WIDGETS, widget("a", { size: 3, parts: [{ name: "x", weight: 1.5 }, { name: "y" }] }))),
      given(post(WIDGETS, widget("b", { size: 4 }))),
      get(WIDGETS, AS_TABLE),
    ]),
    scenario("a Table of a definition without columns shows name and age", [
      ...served(),
      given(post(WIDGETS, widget("a", { size: 3 }))),
      get(WIDGETS, AS_TABLE),
      get(`${WIDGETS}?limit=1&fieldSelector=metadata.name%3Da`),
      get(`${WIDGETS}?fieldSelector=spec.size%3D3`),
    ]),
  ],
};

import { apply, edit, type FactScenario, object, patch, WIDGETS } from "./scenario.ts";

const widget = (name: string, spec: object, more: object = {}) =>
  object(`Widget ${WIDGETS}/v1`, name, { spec: { ...spec }, ...more });

const withExtra = (name: string, extra: object) => widget(name, { size: 1 }, { extra });

/** Facts 4, 16 and 17, and what else a definition's schema decides. */
export const CUSTOM: readonly FactScenario[] = [
  { fact: 4, name: "custom-null", steps: [apply(widget("null", { maybe: null, colour: null, size: 1 }))], changes: [] },
  {
    fact: 4,
    name: "custom-null-in-a-map",
    steps: [apply(widget("null-note", { notes: { a: null, b: "x" } }))],
    changes: [],
  },
  {
    fact: 16,
    name: "custom-status",
    steps: [
      apply(widget("status", { size: 1 }, { status: { phase: "Ready" } })),
      patch({ status: { phase: "Running" } }, { manager: "widget-controller", subresource: "status" }),
    ],
    changes: [],
  },
  {
    fact: 17,
    name: "custom-last-field-dropped",
    steps: [apply(widget("dropped", { size: 1 }))],
    desired: widget("dropped", {}),
    changes: ["/spec/size"],
  },
  {
    fact: 17,
    name: "custom-last-field-dropped-and-applied",
    steps: [apply(widget("converging", { size: 1 })), apply(widget("converging", {}))],
    changes: [],
  },
  {
    fact: 17,
    name: "custom-spec-dropped",
    steps: [apply(widget("specless", { size: 1 }))],
    desired: object(`Widget ${WIDGETS}/v1`, "specless", {}),
    changes: ["/spec"],
  },
  {
    fact: 17,
    name: "custom-last-part-dropped",
    steps: [apply(widget("partless", { parts: [{ name: "a" }] })), apply(widget("partless", {}))],
    changes: [],
  },
  {
    fact: 17,
    name: "custom-all-dropped",
    steps: [apply(widget("emptied", { size: 1, colour: "red" }))],
    desired: widget("emptied", {}),
    changes: [],
    refused: 422,
  },
  {
    fact: 17,
    name: "custom-nullable-emptied",
    steps: [apply(withExtra("extra", { a: 1, b: "x" })), apply(withExtra("extra", {}))],
    changes: ["/extra"],
  },
  {
    fact: 18,
    name: "custom-set-reordered",
    steps: [apply(widget("set", { tags: ["a", "b"] })), edit({ "/spec/tags": ["b", "a"] })],
    changes: ["/spec/tags/0", "/spec/tags/1"],
  },
  {
    fact: 18,
    name: "custom-parts-reordered",
    steps: [
      apply(widget("parts", { parts: [{ name: "a" }, { name: "b" }] })),
      edit({
        "/spec/parts": [
          { name: "b", unit: "kg" },
          { name: "a", unit: "kg" },
        ],
      }),
    ],
    changes: ["/spec/parts/0/name", "/spec/parts/1/name"],
  },
  {
    fact: 25,
    name: "custom-int-or-string",
    steps: [apply(widget("port", { port: 80 })), edit({ "/spec/port": "80" })],
    changes: ["/spec/port"],
  },
  {
    fact: 3,
    name: "custom-empty-values",
    steps: [apply(widget("empties", { size: 0, on: false, text: "", list: [], free: {}, tags: [], parts: [] }))],
    changes: [],
  },
  {
    fact: 3,
    name: "custom-free-edited",
    steps: [apply(widget("free", { free: { a: { b: [1, 2] } } })), edit({ "/spec/free/a/b": [2, 1] })],
    changes: ["/spec/free/a/b/0", "/spec/free/a/b/1"],
  },
];

import type { Row } from "./immutable-kinds.ts";

export const WIDGETS: readonly Row[] = [
  {
    apiVersion: "immutable.example.com/v1",
    kind: "Widget",
    what: "size",
    field: "spec.size",
    before: { spec: { size: 1 } },
    after: { spec: { size: 2 } },
  },
  {
    apiVersion: "immutable.example.com/v1",
    kind: "Widget",
    what: "shrunk",
    field: "spec.room.height",
    before: { spec: { room: { height: 3 } } },
    after: { spec: { room: { height: 2 } } },
  },
  {
    apiVersion: "immutable.example.com/v1",
    kind: "Widget",
    what: "grown",
    field: undefined,
    before: { spec: { room: { height: 3 } } },
    after: { spec: { room: { height: 4 } } },
  },
  {
    apiVersion: "immutable.example.com/v1",
    kind: "Widget",
    what: "colour",
    field: undefined,
    before: { spec: { colour: "red" } },
    after: { spec: { colour: "blue" } },
  },
];

/** Its rules say in words of their own what may not change: no list of words knows them. */
export const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.immutable.example.com" },
  spec: {
    group: "immutable.example.com",
    scope: "Namespaced",
    names: { plural: "widgets", kind: "Widget", singular: "widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: {
                    type: "integer",
                    "x-kubernetes-validations": [{ rule: "self == oldSelf", message: "choose once" }],
                  },
                  colour: { type: "string" },
                  room: {
                    type: "object",
                    properties: { height: { type: "integer" } },
                    "x-kubernetes-validations": [{ rule: "self.height >= oldSelf.height", message: "rooms only grow" }],
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

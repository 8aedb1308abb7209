import { WIDGETS } from "./scenario.ts";

const PARTS = {
  type: "array",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: {
    type: "object",
    required: ["name"],
    properties: { name: { type: "string" }, unit: { type: "string", default: "kg" } },
  },
};

/** A custom resource with what a schema can decide. */
export const WIDGET_DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `widgets.${WIDGETS}` },
  spec: {
    group: WIDGETS,
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec: {
                type: "object",
                properties: {
                  size: { type: "integer" },
                  on: { type: "boolean" },
                  text: { type: "string" },
                  list: { type: "array", items: { type: "string" } },
                  colour: { type: "string", default: "grey" },
                  maybe: { type: "string", nullable: true },
                  port: { "x-kubernetes-int-or-string": true },
                  tags: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
                  free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
                  notes: { type: "object", additionalProperties: { type: "string", nullable: true } },
                  parts: PARTS,
                },
              },
              extra: {
                type: "object",
                nullable: true,
                properties: { a: { type: "integer" }, b: { type: "string", default: "y" } },
              },
              status: { type: "object", properties: { phase: { type: "string" } } },
            },
          },
        },
      },
    ],
  },
};

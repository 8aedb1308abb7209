import { yaml } from "../e2e/manifests.ts";

/** The same autoscaler in either version of its group. */
export function hpa(name: string, version: "v1" | "v2"): string {
  const cpu = { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } };
  const goal = version === "v1" ? { targetCPUUtilizationPercentage: 70 } : { metrics: [cpu] };
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name };
  return yaml(`autoscaling/${version}`, "HorizontalPodAutoscaler", name, {
    spec: { scaleTargetRef, minReplicas: 2, maxReplicas: 5, ...goal },
  });
}

interface DefinitionParts {
  readonly served?: readonly string[];
  readonly deprecated?: readonly string[];
  readonly tier?: object;
}

/** In v1 the ports are one value and there is no tier; in v2 they are told apart by number, and the defaults are others. */
export function widgetDefinition(
  group: string,
  { served = ["v1", "v2"], deprecated = [], tier = {} }: DefinitionParts = {},
) {
  const text = { type: "string" };
  const ports = {
    type: "array",
    items: { type: "object", required: ["port"], properties: { port: { type: "integer" }, name: text } },
  };
  const keyed = { ...ports, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"] };
  const specs = {
    v1: { size: { type: "integer", default: 1 }, mode: text, ports },
    v2: {
      size: { type: "integer", default: 3 },
      mode: { ...text, default: "fast" },
      tier: { ...text, ...tier },
      ports: keyed,
    },
  };
  const versions = Object.entries(specs).map(([name, properties]) => ({
    name,
    served: served.includes(name),
    storage: name === "v1",
    ...(deprecated.includes(name) ? { deprecated: true, deprecationWarning: `leave ${group}/${name}` } : {}),
    schema: { openAPIV3Schema: { type: "object", properties: { spec: { type: "object", properties } } } },
  }));
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind: "Widget", plural: "widgets", singular: "widget", listKind: "WidgetList" },
      versions,
    },
  };
}

export function widget(group: string, name: string, version: "v1" | "v2"): string {
  const own = version === "v1" ? { mode: "slow" } : { tier: "silver" };
  const ports = [
    { port: 1, name: "a" },
    { port: 2, name: "b" },
  ];
  return yaml(`${group}/${version}`, "Widget", name, { spec: { ...own, ports } });
}

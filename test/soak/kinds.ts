import type { KubeObject } from "../../src/model/index.ts";
import type { Random } from "./random.ts";

/** Every secret value begins so; nine bytes, so that its base64 begins alike, too. */
export const CANARY = "zzCANARYq";

export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
  /** "/api/v1/configmaps": of all namespaces. */
  readonly collection: string;
  readonly plural: string;
  /** As an ApplySet's parent names it. */
  readonly groupKind: string;
  make(random: Random): { readonly [field: string]: unknown };
  /** Another version of the same object. */
  vary(object: KubeObject, random: Random): { readonly [field: string]: unknown };
  /** What a hand does to the live object, as a merge patch. */
  edit(object: KubeObject, random: Random): object;
}

function data(random: Random): { [key: string]: string } {
  return Object.fromEntries(Array.from({ length: random.between(1, 4) }, (_, i) => [`key${i}`, random.word()]));
}

const canary = (random: Random): string => `${CANARY}${random.word()}`;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function secretData(random: Random): object {
  const values = Object.fromEntries(
    Array.from({ length: random.between(1, 3) }, (_, i) => [`key${i}`, canary(random)] as const),
  );
  if (random.chance(0.5)) return { stringData: values };
  return { data: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, base64(value)])) };
}

function deployment(random: Random): object {
  const name = random.word();
  const labels = { app: name };
  return {
    spec: {
      replicas: random.between(0, 2),
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container(random)] } },
    },
  };
}

function container(random: Random): object {
  const env = Array.from({ length: random.between(0, 2) }, (_, i) => ({ name: `E${i}`, value: random.word() }));
  return { name: "web", image: `nginx:1.${random.between(20, 28)}`, ...(env.length === 0 ? {} : { env }) };
}

const ConfigMap: Kind = {
  ...{ kind: "ConfigMap", apiVersion: "v1", collection: "/api/v1/configmaps", plural: "configmaps" },
  groupKind: "ConfigMap",
  make: (random) => ({ data: data(random) }),
  vary: (_, random) => ({ data: data(random) }),
  edit: (_, random) => ({ data: { [`key${random.below(4)}`]: random.chance(0.3) ? null : `hand-${random.word()}` } }),
};

const Secret: Kind = {
  ...{ kind: "Secret", apiVersion: "v1", collection: "/api/v1/secrets", plural: "secrets" },
  groupKind: "Secret",
  make: (random) => ({ type: "Opaque", ...secretData(random) }),
  vary: (_, random) => ({ type: "Opaque", ...secretData(random) }),
  edit: (_, random) => ({ data: { [`key${random.below(3)}`]: random.chance(0.3) ? null : base64(canary(random)) } }),
};

const Service: Kind = {
  ...{ kind: "Service", apiVersion: "v1", collection: "/api/v1/services", plural: "services" },
  groupKind: "Service",
  make: (random) => ({ spec: { selector: { app: random.word() }, ports: [{ name: "http", port: 80 }] } }),
  vary: (_, random) => ({
    spec: { selector: { app: random.word() }, ports: [{ name: "http", port: random.between(80, 90) }] },
  }),
  edit: (_, random) => ({ spec: { selector: { app: `hand-${random.word()}` } } }),
};

const Deployment: Kind = {
  ...{ kind: "Deployment", apiVersion: "apps/v1", collection: "/apis/apps/v1/deployments", plural: "deployments" },
  groupKind: "Deployment.apps",
  make: deployment as Kind["make"],
  vary: ({ spec }, random) => {
    const { selector, template } = spec as { selector: object; template: { metadata: object } };
    const replicas = random.between(0, 2);
    return { spec: { replicas, selector, template: { ...template, spec: { containers: [container(random)] } } } };
  },
  edit: (_, random) => ({ spec: { replicas: random.between(3, 4) } }),
};

const WIDGETS = "widgets.soak.example";

const Widget: Kind = {
  ...{ kind: "Widget", apiVersion: "soak.example/v1", collection: "/apis/soak.example/v1/widgets", plural: "widgets" },
  groupKind: "Widget.soak.example",
  make: (random) => ({ spec: { size: random.below(100), colours: [random.word(), random.word()] } }),
  vary: (_, random) => ({ spec: { size: random.below(100), colours: [random.word()] } }),
  edit: (_, random) => ({ spec: { size: 100 + random.below(100) } }),
};

export const WIDGET_DEFINITION: KubeObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: WIDGETS },
  spec: {
    group: "soak.example",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
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
                properties: { size: { type: "integer" }, colours: { type: "array", items: { type: "string" } } },
              },
            },
          },
        },
      },
    ],
  },
};

export const KINDS: readonly Kind[] = [ConfigMap, Secret, Service, Deployment, Widget];

export function kindOf({ kind }: Pick<KubeObject, "kind">): Kind {
  const found = KINDS.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`the workload has no ${kind}`);
  return found;
}

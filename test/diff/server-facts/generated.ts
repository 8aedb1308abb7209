import fc from "fast-check";
import { FIELD_MANAGER, type Json, type JsonObject, type KubeObject } from "../../../src/model/index.ts";
import { apply, edit, type FactScenario, object, type StepSpec, WIDGETS } from "./scenario.ts";

const name = fc.constantFrom("a", "b", "c");
const word = fc.constantFrom("", "x", "y");
const uniqueBy = <T extends JsonObject>(item: fc.Arbitrary<T>, key: (one: T) => string) =>
  fc.uniqueArray(item, { selector: key, maxLength: 3 });

const spec = fc.record(
  {
    size: fc.nat(2),
    on: fc.boolean(),
    text: word,
    list: fc.array(word, { maxLength: 3 }),
    colour: fc.constantFrom("grey", "red"),
    maybe: fc.option(word),
    port: fc.constantFrom<Json>(80, "80", "http"),
    tags: fc.uniqueArray(name, { maxLength: 3 }),
    free: fc.dictionary(name, fc.constantFrom<Json>(1, "x", [], {}, { a: 1 }, [1, { b: 2 }]), { maxKeys: 2 }),
    notes: fc.dictionary(name, fc.option(word), { maxKeys: 2 }),
    parts: uniqueBy(
      fc.record({ name, unit: fc.constantFrom("kg", "g") }, { requiredKeys: ["name"] }),
      (one) => one.name,
    ),
  },
  { requiredKeys: [] },
);

const container = fc.record(
  {
    name,
    image: fc.constantFrom("one:1", "two:1"),
    tty: fc.boolean(),
    args: fc.array(word, { maxLength: 2 }),
    env: uniqueBy(fc.record({ name, value: word }, { requiredKeys: ["name"] }), (one) => one.name),
    ports: uniqueBy(
      fc.record(
        {
          containerPort: fc.constantFrom(80, 81),
          protocol: fc.constantFrom("TCP", "UDP"),
          hostPort: fc.constant(0),
        },
        { requiredKeys: ["containerPort"] },
      ),
      (one) => `${one.containerPort} ${one.protocol ?? "TCP"}`,
    ),
    resources: fc.record(
      {
        requests: fc.dictionary(
          fc.constantFrom("cpu", "memory"),
          fc.constantFrom<Json>("1000m", "1", 1, "1Gi", "1024Mi"),
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "image"] },
);

const workload = fc.record(
  {
    replicas: fc.nat(2),
    paused: fc.boolean(),
    minReadySeconds: fc.nat(1),
    containers: fc.uniqueArray(container, { selector: (one) => one.name, minLength: 1, maxLength: 3 }),
    tolerations: fc.array(fc.record({ key: name, operator: fc.constant("Exists") }), { maxLength: 2 }),
    nodeSelector: fc.dictionary(name, word, { maxKeys: 2 }),
    labels: fc.dictionary(name, word, { maxKeys: 2 }),
  },
  { requiredKeys: ["containers"] },
);

type Made = (title: string) => KubeObject;

const widgets = spec.map(
  (fields): Made =>
    (title) => {
      return object(`Widget ${WIDGETS}/v1`, title, { spec: fields as JsonObject });
    },
);

const deployments = workload.map((made): Made => {
  const { containers, tolerations, nodeSelector, labels, ...rest } = made;
  const pod = { containers, ...(tolerations && { tolerations }), ...(nodeSelector && { nodeSelector }) };
  return (title) => {
    const base = object("Deployment apps/v1", title, {
      spec: {
        ...rest,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: pod },
      } as JsonObject,
    });
    return labels === undefined ? base : { ...base, metadata: { ...base.metadata, labels } };
  };
});

/** What another does between our two applies: sends a whole object of its own making, or applies one. */
function scenarioOf(kind: fc.Arbitrary<Made>): fc.Arbitrary<(title: string) => FactScenario> {
  const other = fc.tuple(fc.constantFrom("update", "other-tool"), kind);
  return fc.tuple(kind, fc.array(other, { maxLength: 2 }), fc.option(kind)).map(([first, others, last]) => (title) => {
    const steps: StepSpec[] = others.map(([how, made]) => {
      const { spec: wanted = {}, metadata } = made(title) as KubeObject & { spec?: Json };
      if (how === "other-tool") return apply(made(title), "other-tool");
      return edit({ "/spec": wanted, ...(metadata.labels && { "/metadata/labels": metadata.labels as JsonObject }) });
    });
    return {
      ...{ fact: 0, name: title, changes: [], steps: [apply(first(title), FIELD_MANAGER), ...steps] },
      ...(last !== null && { desired: last(title) }),
    };
  });
}

/** Random manifests with what others do to them, of a custom and of a built-in kind. */
export const SCENARIOS = fc.oneof(scenarioOf(widgets), scenarioOf(deployments));

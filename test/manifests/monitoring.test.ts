import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { createMetrics, createReportStore } from "../../src/report/index.ts";

const ROOT = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

interface Rules {
  readonly spec: { readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[] };
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}

const alerts = (load(read("manifests/monitoring/rules.yaml")) as Rules).spec.groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(read("manifests/monitoring/dashboard.json")) as Dashboard;
const panels = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));
const expressions = [
  ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
  ...panels.map(({ title, expr }) => ({ where: title, expr })),
];

/** Of every series that `plumb serve` has: the family's own name. */
async function metricNames(): Promise<string[]> {
  const metrics = createMetrics({ report: createReportStore({ now: Date.now }), redis: true });
  metrics.clusters(() => []);
  metrics.replicas(() => ({ alive: 1, isHeard: true, lost: 0, handedOver: 0 }));
  metrics.repositories(() => ({ own: 1, others: 0 }));
  const text = await metrics.text();
  return [...text.matchAll(/^# TYPE (\S+)/gm)].flatMap(([, name]) => name ?? []);
}

/** The metrics that an expression names; throws where it is no PromQL. */
function metricsOf(expr: string): string[] {
  // Grafana fills its own variables in before Prometheus reads an expression.
  const plain = expr.replaceAll("$__rate_interval", "1m").replaceAll("$namespace", ".*");
  const found: string[] = [];
  parser.parse(plain).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError) throw new Error(`no PromQL at ${from}: ${plain}`);
      if (name === "Identifier") found.push(plain.slice(from, to));
    },
  });
  return found.filter((name) => name.startsWith("plumbline_")).map((name) => name.replace(/_(bucket|sum|count)$/, ""));
}

test("what is no PromQL is told as such", () => {
  expect(() => metricsOf("sum(rate(plumbline_passes_total[5m])")).toThrow(/no PromQL/);
});

test.each(expressions)("asks for metrics that there are: $where", async ({ expr }) => {
  const named = metricsOf(expr);
  expect(named).not.toEqual([]);
  expect(await metricNames()).toEqual(expect.arrayContaining(named));
});

test("every metric is on the dashboard", async () => {
  const shown = new Set(panels.flatMap(({ expr }) => metricsOf(expr)));
  expect((await metricNames()).filter((name) => !shown.has(name))).toEqual([]);
});

test("docs/operate.md has a row for every metric, with the alerts that use it, and one for every alert", async () => {
  const rows = new Map(
    [...read("docs/operate.md").matchAll(/^\| `(\w+)(?:\{[^}]*\})?` \|(.*)\|$/gm)].map(([, name, rest]) => [
      name,
      rest,
    ]),
  );
  for (const name of await metricNames()) {
    const users = alerts.filter(({ expr }) => metricsOf(expr).includes(name)).map(({ alert }) => alert);
    const told = [...(rows.get(name) ?? "no row").matchAll(/Plumbline[A-Z]\w+/g)].map(([alert]) => alert);
    expect([name, rows.has(name), told.toSorted()]).toEqual([name, true, users.toSorted()]);
  }
  expect(alerts.filter(({ alert }) => !rows.has(alert)).map(({ alert }) => alert)).toEqual([]);
});

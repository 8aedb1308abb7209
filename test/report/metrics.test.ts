import { expect, test } from "vitest";
import { PlumblineError, toProblem } from "../../src/model/index.ts";
import { createMetrics, createReportStore } from "../../src/report/index.ts";
import { change, drifted, episode, status, TIME } from "./statuses.ts";

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("what the loop tells is counted under its labels", async () => {
  const metrics = createMetrics({ version: "1.2.3" });
  metrics.passEnded({ trigger: "commit", result: "ok", durationMs: 120 });
  metrics.queueDepth(7);
  metrics.kubeRequest({ verb: "PATCH", status: 201 });
  metrics.kubeRequest({ verb: "GET" });
  metrics.gitRequest({ operation: "ls-refs", ok: false });
  metrics.outcome("created");
  expect(lines(await metrics.text())).toEqual(
    expect.arrayContaining([
      'plumbline_passes_total{trigger="commit",result="ok"} 1',
      'plumbline_pass_duration_seconds_bucket{le="0.25"} 1',
      "plumbline_pass_duration_seconds_sum 0.12",
      "plumbline_queue_depth 7",
      'plumbline_kube_requests_total{verb="patch",status="2xx"} 1',
      'plumbline_kube_requests_total{verb="get",status="none"} 1',
      'plumbline_git_requests_total{operation="ls-refs",result="failed"} 1',
      'plumbline_apply_outcomes_total{outcome="created"} 1',
      `plumbline_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]),
  );
  expect(metrics.contentType).toContain("text/plain");
});

test("the fleet's gauges are those of the moment they are read", async () => {
  const report = createReportStore({ now: () => 0 });
  const metrics = createMetrics({ report });
  report.put(drifted("secret-name/web", [change(), change({ path: "/x", class: "foreign" })]));
  expect(lines(await metrics.text())).toEqual(
    expect.arrayContaining([
      'plumbline_applications{sync="Drifted",health="Healthy"} 1',
      "plumbline_drifted_applications 1",
      "plumbline_drift_fights 0",
      'plumbline_drifted_fields{class="drift"} 1',
      'plumbline_drifted_fields{class="foreign"} 1',
    ]),
  );
  report.put(status("secret-name/web"));
  const text = await metrics.text();
  expect(lines(text)).toEqual(
    expect.arrayContaining([
      'plumbline_applications{sync="Synced",health="Healthy"} 1',
      "plumbline_drifted_applications 0",
      'plumbline_drifted_fields{class="drift"} 0',
    ]),
  );
  expect(text).not.toContain('sync="Drifted"');
  expect(text).not.toContain("secret-name");
});

test("repositories that do not answer, and passes that are late, are counted", async () => {
  const report = createReportStore({ now: () => Date.parse(TIME) + 90_000 });
  const metrics = createMetrics({ report });
  const problem = toProblem(new PlumblineError("PL-GIT-UNREACHABLE", { message: "no answer" }));
  report.put(status("a/on-time", { nextPassAt: new Date(Date.parse(TIME) + 95_000).toISOString() }));
  expect(lines(await metrics.text())).toContain("plumbline_pass_late_seconds 0");
  report.put(status("a/late", { nextPassAt: TIME }));
  report.put(status("a/stale", { source: { ...status("a/stale").source, stale: { since: TIME, problem } } }));
  expect(lines(await metrics.text())).toEqual(
    expect.arrayContaining(["plumbline_pass_late_seconds 90", "plumbline_applications_stale 1"]),
  );
});

test("a fight is counted while it is remembered, though its field is healed at the moment", async () => {
  const report = createReportStore({ now: () => 0 });
  const fight = { times: 4, message: "ann has changed it" };
  report.put(status("a/web", { drift: [episode({ fight, count: 4, end: { how: "healed", at: TIME } })] }));
  expect(lines(await createMetrics({ report }).text())).toContain("plumbline_drift_fights 1");
});

test("every name has the prefix, and two servers do not count for each other", async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.outcome("pruned");
  const text = await other.text();
  expect(text).not.toContain('outcome="pruned"');
  for (const line of lines(text)) expect(line).toMatch(/^plumbline_/);
});

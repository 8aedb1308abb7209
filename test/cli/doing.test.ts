import { expect, test } from "vitest";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { FULL_PLAN } from "../api/full-status.ts";
import { deployment, outcome, pass, problem, status } from "../report/statuses.ts";
import { RunningPlumb, runPlumb } from "./run-plumb.ts";
import { startServer } from "./server.ts";

const WEB = status("shop/web");
const STEPS = FULL_PLAN.steps.map(({ problem: _problem, ...step }) => step);

function afterPass(over: Partial<ApplicationStatus> = {}): ApplicationStatus {
  return status("shop/web", { lastPass: pass(1, { outcomes: [outcome(deployment("web"))] }), ...over });
}

test("sync asks for a pass and comes back at once", async () => {
  const { url, control } = await startServer([WEB]);
  const ended = await runPlumb(["sync", "shop/web", "--server", url, "-o", "json"]);
  expect(ended).toMatchObject({ code: 0, stderr: "shop/web: asked for pass 1\n" });
  expect(JSON.parse(ended.stdout)).toEqual({ application: "shop/web", pass: 1 });
  expect(control.asked).toEqual(["shop/web"]);
});

test("sync --wait says what it waits for and ends with what was done", async () => {
  const { url, report } = await startServer([WEB]);
  const plumb = new RunningPlumb(["sync", "shop/web", "--wait", "--server", url]);
  await plumb.said(/asked for pass 1/);
  report.put(afterPass({ health: { status: "Progressing", message: "1/2 replicas updated" } }));
  await plumb.said(/Synced, Progressing: 1\/2 replicas updated/);
  report.put(afterPass());
  expect(await plumb.ended).toMatchObject({
    code: 0,
    stdout: "shop/web  Synced  Healthy  all objects are healthy\n  configured Deployment shop/web\n",
  });
});

test.each<[string, Partial<ApplicationStatus>]>([
  ["a pass that failed", { lastPass: pass(1, { problem: problem() }), problems: [problem()] }],
  ["an application that ends degraded", { health: { status: "Degraded", message: "no" } }],
  ["an application that ends as it was", { sync: { status: "Pending", message: "observe only" } }],
])("sync --wait exits with 3 for %s", async (_name, over) => {
  const { url } = await startServer([afterPass(over)]);
  expect((await runPlumb(["sync", "shop/web", "--wait", "--server", url])).code).toBe(3);
});

test("sync --wait exits with 4 when its time is over", async () => {
  const { url } = await startServer([WEB]);
  const ended = await runPlumb(["sync", "shop/web", "--wait", "--timeout", "200ms", "--server", url]);
  expect(ended.code).toBe(4);
  expect(ended.stderr).toContain("gave up after 200ms; the sync itself goes on");
});

test("a timeout that is no duration is a usage error", async () => {
  const ended = await runPlumb(["sync", "shop/web", "--wait", "--timeout", "soon"]);
  expect(ended).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('PL-USAGE  --timeout  "soon" is no duration'),
  });
});

test("an interrupted wait exits with 130", async () => {
  const { url } = await startServer([WEB]);
  const plumb = new RunningPlumb(["sync", "shop/web", "--wait", "--server", url]);
  await plumb.said(/asked for pass 1/);
  plumb.child.kill("SIGINT");
  expect(await plumb.ended).toMatchObject({ code: 130, stderr: expect.stringContaining("interrupted") });
});

test("plan prints what a sync would do and exits with 1", async () => {
  const { url, control } = await startServer([WEB]);
  control.plans.set("shop/web", { ...FULL_PLAN, steps: STEPS, prunes: [] });
  const ended = await runPlumb(["plan", "shop/web", "--server", url]);
  expect(ended).toMatchObject({ code: 1, stderr: "" });
  expect(ended.stdout).toContain("~ Deployment shop/web  replicas moved in the cluster");
});

test("plan --ref prints what a branch would do, and of what it is the plan beside it", async () => {
  const { url, control } = await startServer([WEB]);
  control.plans.set("shop/web", { ...FULL_PLAN, steps: STEPS, prunes: [] });
  const ended = await runPlumb(["plan", "shop/web", "--ref", "feature", "-o", "name", "--server", url]);
  expect(ended).toEqual({
    code: 1,
    stdout: "update Deployment.apps/shop/web\n",
    stderr: "shown is feature as it is, with lookups\n",
  });
});

test("approve takes the whole hash of the plan that there is, and without a terminal asks for one", async () => {
  const { url, control } = await startServer([WEB]);
  control.plans.set("shop/web", { ...FULL_PLAN, hash: "3f".repeat(32), steps: STEPS, prunes: [] });
  const asked = await runPlumb(["approve", "shop/web", "--server", url]);
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining(`give --plan ${"3f".repeat(32)}`) });
  const moved = await runPlumb(["approve", "shop/web", "--plan", "ab".repeat(6), "--server", url]);
  expect(moved).toMatchObject({ code: 3, stderr: expect.stringContaining("PL-APPROVE-MOVED") });
  expect(await runPlumb(["approve", "shop/web", "--plan", "x", "--server", url])).toMatchObject({ code: 2 });
  expect(control.said).toEqual([]);
  const done = await runPlumb(["approve", "shop/web", "--plan", "3f".repeat(6), "--server", url]);
  expect(done).toEqual({
    code: 0,
    stdout: "",
    stderr: "shop/web: plan 3f3f3f3f3f3f is approved, and done by pass 1\n",
  });
  expect(control.said).toEqual([["approve", "shop/web", "3f".repeat(32), "local"]]);
});

test("a plan with nothing to do exits with 0, one that will fail with 3", async () => {
  const { url, control } = await startServer([WEB]);
  control.plans.set("shop/web", { ...FULL_PLAN, steps: [], prunes: [], withheld: [] });
  expect(await runPlumb(["plan", "shop/web", "--server", url])).toMatchObject({ code: 0, stdout: "nothing to do\n" });
  control.plans.set("shop/web", FULL_PLAN);
  expect((await runPlumb(["plan", "shop/web", "--server", url])).code).toBe(3);
});

test("events come oldest first, and then as they happen", async () => {
  const { url, report } = await startServer([WEB]);
  const event = (reason: string) =>
    report.event({ application: "shop/web", type: "Normal", reason, message: `it is ${reason}` });
  event("First");
  event("Second");
  const { stdout } = await runPlumb(["events", "shop/web", "--server", url]);
  expect(stdout.match(/it is \w+/g)).toEqual(["it is First", "it is Second"]);

  const plumb = new RunningPlumb(["events", "shop/web", "--follow", "-o", "json", "--server", url]);
  await plumb.said(/it is Second/, "stdout");
  event("Third");
  await plumb.said(/it is Third/, "stdout");
  const lines = plumb.stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).reason).slice(-3)).toEqual(["First", "Second", "Third"]);
  plumb.child.kill("SIGINT");
  expect((await plumb.ended).code).toBe(130);
});

test.each([
  [["frob"], "unknown command 'frob'"],
  [["get", "applications", "--shade"], "unknown option '--shade'"],
  [["diff"], "missing required argument"],
  [[], "a command is missing"],
  [["get", "applications", "-o", "xml"], "Allowed choices are text, wide, json, yaml, name"],
  [["diff", "./nowhere"], "there is no such file or folder"],
])("%j is a usage error", async (args, words) => {
  const { code, stdout, stderr } = await runPlumb(args);
  expect(stderr).toContain("PL-USAGE");
  expect(stderr).toContain(words);
  expect(stderr).toContain("\n  next: ");
  expect([code, stdout]).toEqual([2, ""]);
});

test("help goes to stdout and is no failure", async () => {
  expect(await runPlumb(["--help"])).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringContaining("Usage: plumb"),
  });
});

import { expect, test } from "vitest";
import { drifted } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";
import {
  FULL_CHANGE,
  FULL_ENDED,
  FULL_EPISODE,
  FULL_PLAN,
  FULL_RESOURCE,
  FULL_STATUS,
  STILL_TO_COME,
} from "./full-status.ts";

/** A schema that forgets a field drops it from the answer without a word: these hold whole nouns against the answers. */
async function answerTo(path: string) {
  const { api, control } = await startApi({}, [FULL_STATUS]);
  control.plans.set("shop/web", FULL_PLAN);
  const response = await api.inject(path);
  expect(response.statusCode).toBe(200);
  return response.json();
}

const COUNTS = { drift: 0, pending: 0, conflict: 1, foreign: 0 };

test("an application's answer has every field of its status, objects and plan apart", async () => {
  const { resources: _resources, drift: _drift, plan: _plan, ...rest } = FULL_STATUS;
  expect(await answerTo("/api/v1/applications/shop/web")).toEqual({ ...rest, objects: 1, changes: COUNTS });
});

test("a list's answer has every field of the summary", async () => {
  const { items } = await answerTo("/api/v1/applications");
  const { repo, ref, path, revision, newest } = FULL_STATUS.source;
  expect(items).toEqual([
    {
      madeBy: "default/shop",
      project: "shop",
      cluster: "prod-eu",
      serviceAccount: "shop/deployer",
      namespace: "shop",
      name: "web",
      sync: FULL_STATUS.sync,
      health: { status: "Progressing", message: "1/2 replicas updated" },
      source: { repo, ref, path, revision, newest },
      pin: FULL_STATUS.pin,
      suspended: FULL_STATUS.suspended,
      stale: true,
      objects: 1,
      changes: COUNTS,
      lastSyncAt: FULL_STATUS.lastSync?.finishedAt,
      problem: { code: "PL-YAML-TAB", message: "a tab where YAML wants spaces", where: "apps/web/deploy.yaml:14" },
      waiting: FULL_STATUS.waiting,
      waitingSince: STILL_TO_COME,
    },
  ]);
});

test("an object's answer has every field, its changes counted", async () => {
  const { items } = await answerTo("/api/v1/applications/shop/web/resources");
  expect(items).toEqual([{ ...FULL_RESOURCE, changes: COUNTS }]);
});

test("a diff's answer has every field of a change, null and empty values included", async () => {
  const { ref, sync, origin, left, unconfirmed } = FULL_RESOURCE;
  const page = await answerTo("/api/v1/applications/shop/web/diff");
  expect(page).toEqual({ items: [{ ref, sync, origin, changes: [FULL_CHANGE], left, unconfirmed }], total: 1 });
});

test("a plan's answer is the plan", async () => {
  expect(await answerTo("/api/v1/applications/shop/web/plan")).toEqual(FULL_PLAN);
});

test("with a ref the plan's answer says of what it is a plan", async () => {
  const answer = await answerTo("/api/v1/applications/shop/web/plan?ref=feature");
  expect(answer).toMatchObject({ ...FULL_PLAN, preview: { ref: "feature", standing: { kind: "as-it-is" } } });
  expect(answer).toMatchObject({ preview: { message: "shown is feature as it is, with lookups" } });
});

test("a sync's answer has every field of its record", async () => {
  const { lastSync, source } = FULL_STATUS;
  const { outcomes, warnings: _warnings, problem, ...pass } = { warnings: [], ...lastSync };
  const [first] = outcomes ?? [];
  expect(await answerTo("/api/v1/applications/shop/web/history")).toEqual({
    items: [
      {
        ...pass,
        author: source.author,
        subject: source.subject,
        outcomes: { failed: 1 },
        objects: [
          {
            ref: first?.ref,
            action: first?.action,
            outcome: "failed",
            code: first?.problem?.code,
            message: first?.problem?.message,
          },
        ],
        problem: { code: problem?.code, message: problem?.message, where: problem?.where },
        good: false,
      },
    ],
    total: 1,
  });
});

test("a drift item's answer has every field of its episode, open or ended", async () => {
  expect(await answerTo("/api/v1/drift?state=all")).toEqual({
    items: [
      { application: "shop/web", state: "open", ...FULL_EPISODE },
      { application: "shop/web", state: "ended", ...FULL_ENDED },
    ],
    total: 2,
  });
});

test("an event's answer has every field", async () => {
  const { api, report } = await startApi({}, [drifted("shop/web")]);
  report.event({
    application: "shop/web",
    type: "Warning",
    reason: "Failed",
    message: "no",
    ref: FULL_RESOURCE.ref,
    code: "PL-INTERNAL",
  });
  const { items } = (await api.inject("/api/v1/applications/shop/web/events")).json();
  expect(items).toEqual(report.events().items);
  expect(items[0]).toMatchObject({ ref: FULL_RESOURCE.ref, code: "PL-INTERNAL" });
});

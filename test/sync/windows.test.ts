import { expect, test } from "vitest";
import type { SyncWindow } from "../../src/model/index.ts";
import { judgeWindows, windowProblems } from "../../src/sync/windows.ts";

const window = (over: Partial<SyncWindow> = {}): SyncWindow => ({
  kind: "allow",
  schedule: "0 8 * * 1-5",
  duration: "8h",
  timeZone: "Europe/Berlin",
  manual: false,
  ...over,
});
const judge = (at: string, windows: SyncWindow[], manual = false) =>
  judgeWindows(windows, { now: Date.parse(at), manual });
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test("without windows it may always be written, and nobody looks at the clock", () => {
  expect(judge("2026-11-21T12:00:00Z", [])).toEqual({});
});

test("outside of all windows that allow it waits, and says for which and until when", () => {
  // A Saturday; the office opens on Monday at 08:00, which is 07:00 UTC in winter.
  expect(judge("2026-11-21T12:00:00Z", [window({ reason: "office hours" })])).toEqual({
    waiting: 'outside of allow window "0 8 * * 1-5" 8h Europe/Berlin (office hours): opens Mon 2026-11-23 08:00',
    again: 43 * HOUR,
  });
  const late = window({ schedule: "0 20 * * 6", duration: "1h" });
  expect(judge("2026-11-21T12:00:00Z", [window(), late]).waiting).toContain("opens Sat 2026-11-21 20:00");
});

test("a window is open from its first millisecond to before its last, and the next edge is known", () => {
  expect(judge("2026-11-23T06:59:59.999Z", [window()])).toMatchObject({ waiting: expect.any(String), again: 1 });
  expect(judge("2026-11-23T07:00:00.000Z", [window()])).toEqual({ again: 8 * HOUR });
  expect(judge("2026-11-23T14:59:59.999Z", [window()])).toEqual({ again: 1 });
  expect(judge("2026-11-23T15:00:00.000Z", [window()])).toMatchObject({ waiting: expect.stringContaining("Tue") });
});

test("deny wins over allow, and the window that denies longest is named", () => {
  const freeze = window({ kind: "deny", schedule: "0 0 23 11 *", duration: "48h", reason: "freeze" });
  const lunch = window({ kind: "deny", schedule: "0 12 * * *", duration: "1h" });
  expect(judge("2026-11-23T11:30:00Z", [window(), lunch, freeze]).waiting).toBe(
    'inside of deny window "0 0 23 11 *" 48h Europe/Berlin (freeze): ends Wed 2026-11-25 00:00',
  );
  expect(judge("2026-11-26T11:30:00Z", [window(), lunch, freeze]).waiting).toContain("ends Thu 2026-11-26 13:00");
  expect(judge("2026-11-26T12:30:00Z", [window(), lunch, freeze]).waiting).toBeUndefined();
  expect(judge("2026-11-22T10:59:00Z", [lunch]).waiting).toBeUndefined();
});

test("a person's sync is done in spite of windows that say so, and of no others", () => {
  const saturday = "2026-11-21T12:30:00Z";
  const soft = window({ manual: true });
  const lunch = window({ kind: "deny", schedule: "0 13 * * *", duration: "1h" });
  expect(judge(saturday, [soft], true).waiting).toBeUndefined();
  expect(judge(saturday, [soft], false).waiting).toBeDefined();
  expect(judge(saturday, [window()], true).waiting).toBeDefined();
  expect(judge(saturday, [soft, lunch], true).waiting).toContain("deny window");
  expect(judge(saturday, [soft, { ...lunch, manual: true }], true).waiting).toBeUndefined();
});

test("when clocks go forward, a window of the hour that is left out opens with the first moment after it", () => {
  const night = window({ schedule: "30 2 * * *", duration: "1h" });
  // 2026-03-29: 02:00 becomes 03:00, at 01:00 UTC.
  expect(judge("2026-03-29T00:59:59Z", [night]).waiting).toContain("opens Sun 2026-03-29 03:00");
  expect(judge("2026-03-29T01:00:00Z", [night])).toEqual({ again: HOUR });
  expect(judge("2026-03-29T02:00:00Z", [night]).waiting).toContain("opens Mon 2026-03-30 02:30");
  // An hour of wall clock more or less does not move office hours.
  expect(judge("2026-03-27T06:59:00Z", [window()])).toMatchObject({ again: MINUTE });
  expect(judge("2026-03-30T05:59:00Z", [window()])).toMatchObject({ again: MINUTE });
});

test("when clocks go back, a window of the hour that comes twice opens once, and lasts as long as it says", () => {
  const night = window({ schedule: "30 2 * * *", duration: "2h" });
  // 2026-10-25: 03:00 becomes 02:00, at 01:00 UTC; 02:30 is at 00:30 and at 01:30 UTC.
  expect(judge("2026-10-25T00:29:59Z", [night]).waiting).toBeDefined();
  expect(judge("2026-10-25T00:30:00Z", [night])).toEqual({ again: 2 * HOUR });
  expect(judge("2026-10-25T02:29:59Z", [night]).waiting).toBeUndefined();
  expect(judge("2026-10-25T02:30:00Z", [night]).waiting).toContain("opens Mon 2026-10-26 02:30");
  expect(judge("2026-10-26T06:59:00Z", [window()])).toMatchObject({ again: MINUTE });
});

test("windows that follow each other without a gap are one", () => {
  const hourly = window({ kind: "deny", schedule: "0 8-11 * * *", duration: "1h" });
  expect(judge("2026-11-23T07:30:00Z", [hourly]).waiting).toContain("ends Mon 2026-11-23 12:00");
  const overlapping = window({ kind: "deny", schedule: "* * * * *", duration: "5m" });
  expect(judge("2026-11-23T07:30:00Z", [overlapping]).waiting).toContain("deny window");
});

test("a window that never comes keeps what it would allow waiting for ever, and says so", () => {
  expect(judge("2026-11-23T07:30:00Z", [window({ schedule: "0 0 30 2 *" })])).toEqual({
    waiting: 'outside of allow window "0 0 30 2 *" 8h Europe/Berlin: opens never',
  });
});

test("what cannot be read is named with its place and what is wrong with it", () => {
  const bad = [
    window(),
    window({ schedule: "61 * * * *" }),
    window({ timeZone: "Mars/Olympus" }),
    window({ duration: "0s" }),
  ];
  expect(windowProblems(bad).map(({ code, where }) => [code, where])).toEqual([
    ["PL-WINDOW-INVALID", "spec.sync.windows[1]"],
    ["PL-WINDOW-INVALID", "spec.sync.windows[2]"],
    ["PL-WINDOW-INVALID", "spec.sync.windows[3]"],
  ]);
});

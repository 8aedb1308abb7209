import { expect, test } from "vitest";
import type { ApplicationStatus } from "../../src/model/index.ts";
import { createReportStore, saidSentences } from "../../src/report/index.ts";
import { status, TIME } from "./statuses.ts";

const PIN = { revision: "3f2a1c9".padEnd(40, "0"), reason: "bad release", by: "ann", at: TIME };
const NEWEST = "8d0e2b1".padEnd(40, "0");
const NOW = Date.parse(TIME);

function said(over: Partial<ApplicationStatus>, newest?: string): ApplicationStatus {
  const plain = status("shop/web", over);
  const revision = over.pin?.revision ?? newest ?? "a".repeat(40);
  return { ...plain, source: { ...plain.source, revision, ...(over.pin && newest ? { newest } : {}) } };
}

test("what people have said is a sentence each, with the time that is left and where Git is", () => {
  const until = new Date(NOW + 6_000_000).toISOString();
  expect(saidSentences(said({ pin: { ...PIN, until } }, NEWEST), NOW)).toEqual([
    "pinned to 3f2a1c9 by ann for another 1h40m: bad release; Git is at 8d0e2b1",
  ]);
  expect(saidSentences(said({ pin: { ...PIN, until } }, NEWEST))).toEqual([
    `pinned to 3f2a1c9 by ann until ${until}: bad release; Git is at 8d0e2b1`,
  ]);
  expect(saidSentences(said({ pin: { ...PIN, revision: "1.4.2" } }), NOW)).toEqual([
    "pinned to 1.4.2 by ann: bad release",
  ]);
  const suspended = { reason: "maintenance", by: "ben", at: TIME };
  expect(saidSentences(said({ suspended }), NOW)).toEqual([`suspended by ben since ${TIME}: maintenance`]);
  expect(saidSentences(said({}), NOW)).toEqual([]);
});

test("each thing that is said, changed or over is one event, and a pin's revision is no news of the ref", () => {
  const store = createReportStore({ now: () => NOW });
  const suspended = { reason: "maintenance", by: "ben", at: TIME };
  const later = { ...PIN, until: "2026-01-01T02:00:00Z" };
  store.put(said({}, NEWEST));
  store.put(said({ pin: PIN, suspended }, NEWEST));
  store.put(said({ pin: PIN, suspended }, NEWEST));
  store.put(said({ pin: later }, "c".repeat(40)));
  store.put(said({}, "c".repeat(40)));
  const events = [...store.events().items].reverse().map(({ reason, message }) => `${reason}: ${message}`);
  expect(events).toEqual([
    "Pinned: to 3f2a1c9 by ann: bad release",
    "Suspended: by ben: maintenance",
    "Pinned: to 3f2a1c9 by ann until 2026-01-01T02:00:00Z: bad release",
    "Resumed: it was suspended by ben",
    "Revision: main is at ccccccc, and 3f2a1c9 stays pinned",
    "Unpinned: from 3f2a1c9, said by ann until 2026-01-01T02:00:00Z",
  ]);
});

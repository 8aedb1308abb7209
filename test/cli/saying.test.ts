import { expect, test } from "vitest";
import { Saying } from "../../src/cli/print/saying.ts";
import { waitingLines } from "../../src/cli/print/waiting-lines.ts";
import { deployment } from "../report/statuses.ts";

const line = (ready: number, seconds: number) =>
  `waits for Deployment shop/db: ${ready}/3 replicas available, ${seconds} s`;

test("a line is said when it says something else, and while only its seconds change every ten seconds", () => {
  const saying = new Saying();
  const said = Array.from({ length: 31 }, (_, second) =>
    saying.news([line(second < 15 ? 1 : 2, second)], second * 1000),
  );
  expect(said.flat()).toEqual([line(1, 0), line(1, 10), line(2, 15), line(2, 25)]);
});

test("a line without a time is said once, and again when it has been away", () => {
  const saying = new Saying();
  const said = [0, 20_000, 40_000].map((now) => saying.news(["Synced, Progressing: 1/2"], now));
  expect(said.flat()).toHaveLength(1);
  expect(saying.news([], 50_000)).toEqual([]);
  expect(saying.news(["Synced, Progressing: 1/2"], 60_000)).toHaveLength(1);
});

test("objects that wait for the same are one line, and what the application says already is not said again", () => {
  const wave = "wave 1 waits for Deployment shop/db: 1/3 replicas available";
  const resources = [
    { ref: deployment("a"), waiting: `${wave}, 3 s` },
    { ref: deployment("b"), waiting: "waits to be healthy: 0/1, 5 s" },
    { ref: deployment("c"), waiting: "waits to be healthy: 0/1, 4 s" },
    {
      ref: deployment("d"),
      evidence: {
        at: "",
        events: [{ ref: { ...deployment("d"), kind: "Pod" }, reason: "BackOff", message: "no", count: 2 }],
        logs: [{ namespace: "shop", pod: "d", container: "d", previous: true, command: "kubectl -n shop logs d" }],
      },
    },
  ];
  expect(waitingLines(`${wave}, 4 s`, resources)).toEqual([
    `${wave}, 4 s`,
    "Deployment shop/b and 1 more waits to be healthy: 0/1, 5 s",
    "Deployment shop/d: BackOff of Pod shop/d: no (2 times)",
    "Deployment shop/d: its last log lines: kubectl -n shop logs d",
  ]);
});

import { expect, test } from "vitest";
import { Rounds } from "../../../src/source/shared/rounds.ts";

/** A server that answers when the test says so, and a clock that the test moves. */
function slowServer() {
  let time = 0;
  let drawn = 0;
  const asked: { readonly names: readonly string[]; readonly end: (value: string) => void }[] = [];
  const rounds = new Rounds<string>({
    now: () => time,
    draw: () => ++drawn,
    merged: (names) => [...names],
    covers: (known, names) => names.every((name) => known.includes(name)),
    ask: (names) => new Promise((end) => asked.push({ names, end })),
  });
  const value = async (names: readonly string[], withinMs: number) =>
    (await rounds.take({ names, withinMs }).done).value;
  return { rounds, asked, value, pass: (ms: number) => (time += ms) };
}

test("who wants a new answer while a question is under way waits for the next one, and all of them share it", async () => {
  const { asked, value } = slowServer();
  const first = value(["main"], 0);
  const later = [value(["main"], 0), value(["next"], 0), value(["main"], 0)];
  expect(asked.map(({ names }) => names)).toEqual([["main"]]);
  asked[0]?.end("one");
  expect(await first).toBe("one");
  await expect.poll(() => asked.length).toBe(2);
  expect(asked[1]?.names).toEqual(["main", "next"]);
  asked[1]?.end("two");
  expect(await Promise.all(later)).toEqual(["two", "two", "two"]);
  expect(asked).toHaveLength(2);
});

test("an answer that is new enough and wide enough is given again, and so is one that is under way", async () => {
  const { asked, value, pass } = slowServer();
  const first = value(["main"], 0);
  pass(5);
  const joined = value(["main"], 10);
  asked[0]?.end("one");
  expect(await Promise.all([first, joined])).toEqual(["one", "one"]);
  expect(await value(["main"], 6)).toBe("one");
  expect(await value([], Number.POSITIVE_INFINITY)).toBe("one");
  expect(asked).toHaveLength(1);
  void value(["main"], 5);
  expect(asked).toHaveLength(2);
});

test("whoever waited comes back by a number, and any later answer will do", async () => {
  const { rounds, asked, pass } = slowServer();
  const { after } = rounds.take({ names: ["main"], withinMs: 0 });
  const queued = rounds.take({ names: ["main"], withinMs: 0 });
  expect(queued.after).toBeGreaterThan(after);
  pass(1000);
  const again = rounds.take({ names: ["main"], withinMs: 0, after });
  expect(asked).toHaveLength(1);
  asked[0]?.end("one");
  expect((await again.done).value).toBe("one");
  await expect.poll(() => asked.length).toBe(2);
  asked[1]?.end("two");
  expect((await rounds.take({ names: ["main"], withinMs: 0, after: queued.after }).done).value).toBe("two");
  expect(asked).toHaveLength(2);
});

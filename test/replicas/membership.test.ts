import { expect, test } from "vitest";
import { SimulatedFleet } from "./simulated-fleet.ts";

test("replicas that start at once divide everything between them, and each key has one", async () => {
  const fleet = new SimulatedFleet(1);
  for (let i = 0; i < 4; i++) fleet.join();
  await fleet.pass(8000);
  expect(fleet.unowned()).toEqual([]);
  expect(new Set([...fleet.owners().values()].flat()).size).toBe(4);
  expect(fleet.overlaps).toEqual([]);
});

test("what a dead replica worked on has another one within 12 seconds, and not before its tenure has run out", async () => {
  const fleet = new SimulatedFleet(2);
  const [, , dead] = [fleet.join(), fleet.join(), fleet.join()];
  await fleet.pass(10_000);
  const lost = [...fleet.owners()].filter(([, ids]) => ids.includes(dead.id)).map(([key]) => key);
  expect(lost.length).toBeGreaterThan(5);
  dead.kill();
  await fleet.pass(5000);
  expect(fleet.unowned()).toEqual(lost);
  await fleet.pass(7000);
  expect(fleet.unowned()).toEqual([]);
  expect(fleet.overlaps).toEqual([]);
});

test("one who says goodbye is replaced at once", async () => {
  const fleet = new SimulatedFleet(3);
  fleet.join();
  const leaving = fleet.join();
  await fleet.pass(10_000);
  void leaving.membership.release(new AbortController().signal);
  await fleet.pass(4500);
  leaving.kill();
  expect(fleet.unowned()).toEqual([]);
});

test("one who joins has its share within 8 seconds, and nobody else's share changes", async () => {
  const fleet = new SimulatedFleet(4);
  fleet.join();
  fleet.join();
  await fleet.pass(10_000);
  const before = fleet.owners();
  const { id } = fleet.join();
  await fleet.pass(8000);
  expect(fleet.unowned()).toEqual([]);
  const moved = [...fleet.owners()].filter(([key, [owner]]) => before.get(key)?.[0] !== owner);
  expect(moved.length).toBeGreaterThan(5);
  expect(new Set(moved.map(([, [owner]]) => owner))).toEqual(new Set([id]));
  const handedOver = [...fleet.replicas.values()].map(({ membership }) => membership.standing.handedOver);
  expect(handedOver.reduce((sum, one) => sum + one, 0)).toBe(moved.length);
  expect(fleet.overlaps).toEqual([]);
});

test("one that was paused past its tenure may not write from the moment it goes on, and is taken in again", async () => {
  const fleet = new SimulatedFleet(5);
  fleet.join();
  const paused = fleet.join();
  await fleet.pass(10_000);
  const mine = [...fleet.owners()].filter(([, ids]) => ids.includes(paused.id)).map(([key]) => key);
  paused.pause();
  await fleet.pass(20_000);
  paused.goOn();
  expect(mine.filter((key) => paused.mayWrite(key))).toEqual([]);
  await fleet.pass(10_000);
  expect(fleet.unowned()).toEqual([]);
  expect(fleet.overlaps).toEqual([]);
  expect(paused.membership.standing).toMatchObject({ isHeard: true, lost: 1 });
});

test("one that was cut off loses everything while it is, and the others have it; back again it has its share", async () => {
  const fleet = new SimulatedFleet(6);
  fleet.join();
  const cut = fleet.join();
  await fleet.pass(10_000);
  cut.isCutOff = true;
  await fleet.pass(12_000);
  expect([...fleet.owners().values()].flat()).not.toContain(cut.id);
  expect(fleet.unowned()).toEqual([]);
  cut.isCutOff = false;
  await fleet.pass(12_000);
  expect([...fleet.owners().values()].flat()).toContain(cut.id);
  expect(fleet.unowned()).toEqual([]);
  expect(fleet.overlaps).toEqual([]);
});

test("a lease that somebody deletes by hand gives nobody a right that another one has", async () => {
  const fleet = new SimulatedFleet(7);
  const [one] = [fleet.join(), fleet.join()];
  await fleet.pass(10_000);
  for (let i = 0; i < 10; i++) {
    fleet.board.delete(one.id);
    await fleet.pass(700);
  }
  await fleet.pass(5000);
  expect(fleet.unowned()).toEqual([]);
  expect(fleet.overlaps).toEqual([]);
});

test("a board that begins anew takes nothing from anybody, and those who join wait until everybody has spoken", async () => {
  const fleet = new SimulatedFleet(8);
  fleet.join();
  fleet.join();
  await fleet.pass(10_000);
  const before = fleet.owners();
  fleet.loseLast(60_000);
  fleet.join();
  await fleet.pass(8000);
  expect(fleet.owners()).toEqual(before);
  await fleet.pass(8000);
  expect(fleet.unowned()).toEqual([]);
  expect(new Set([...fleet.owners().values()].flat()).size).toBe(3);
  expect(fleet.overlaps).toEqual([]);
});

test.each(Array.from({ length: 30 }, (_, i) => i + 100))(
  "whoever joins, dies, stands still or is cut off, and whatever a board forgets, never can two write for one key (story %i)",
  async (seed) => {
    const fleet = new SimulatedFleet(seed);
    fleet.join();
    for (let i = 0; i < 25; i++) {
      await fleet.pass(fleet.delay(9000));
      // Half of the stories are on a board that may lose what was said.
      if (seed % 2 === 0 && fleet.random() < 0.3) fleet.loseLast(fleet.delay(8000));
      upheaval(fleet);
    }
    for (const one of fleet.replicas.values()) {
      one.goOn();
      one.isCutOff = false;
    }
    if ([...fleet.replicas.values()].every(({ isUp }) => !isUp)) fleet.join();
    await fleet.pass(40_000);
    expect(fleet.overlaps).toEqual([]);
    expect(fleet.unowned()).toEqual([]);
  },
);

/** Something happens to one of them. */
function upheaval(fleet: SimulatedFleet): void {
  const up = [...fleet.replicas.values()].filter(({ isUp }) => isUp);
  const one = up[fleet.delay(up.length) - 1];
  const what = fleet.random();
  if (up.length < 5 && what < 0.35) fleet.join();
  else if (what < 0.5 && up.length > 1) one?.kill();
  else if (what < 0.65) one?.pause();
  else if (what < 0.75 && one !== undefined) one.isCutOff = true;
  else if (what < 0.9) one?.goOn();
  else if (one !== undefined) one.isCutOff = false;
}

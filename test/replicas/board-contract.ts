import { afterEach, beforeEach, expect, test } from "vitest";
import type { NoticeBoard } from "../../src/replicas/index.ts";

export interface OpenedBoard {
  readonly board: NoticeBoard;
  /** The next post of this one waits on its way, past any patience of whoever posts, until it is let go; that resolves when the server has answered it. */
  holdNext(): () => Promise<unknown>;
  close(): Promise<void>;
}

const signal = (): AbortSignal => AbortSignal.timeout(10_000);

/** What notice.ts says of a NoticeBoard, for one implementation. `open` gives the same board to whoever has the same `fleet`. */
export function boardContract(open: (fleet: string) => Promise<OpenedBoard>): void {
  let count = 0;
  let opened: OpenedBoard[] = [];
  const openTwo = async (): Promise<[OpenedBoard, OpenedBoard]> => {
    const fleet = `contract-${++count}`;
    const both: [OpenedBoard, OpenedBoard] = [await open(fleet), await open(fleet)];
    opened = both;
    return both;
  };

  beforeEach(() => {
    opened = [];
  });
  afterEach(async () => {
    for (const one of opened) await one.close();
  });

  test("everybody reads what each has said last, with another version each time that it was said", async () => {
    const [one, two] = await openTwo();
    await one.board.post({ id: "one-1", url: "http://a:1" }, signal());
    await one.board.post({ id: "one-1", url: "http://a:1", claims: ["one-1", "two-2"] }, signal());
    await two.board.post({ id: "two-2" }, signal());
    const first = await two.board.read(signal());
    expect(first.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: "one-1", url: "http://a:1", claims: ["one-1", "two-2"] },
      { id: "two-2" },
    ]);
    expect(first.some((one) => one.released === true)).toBe(false);
    await one.board.post({ id: "one-1", url: "http://a:1", claims: ["one-1", "two-2"] }, signal());
    await two.board.post({ id: "two-2", released: true }, signal());
    const versionOf = (id: string, all = first): string | undefined => all.find((one) => one.id === id)?.version;
    for (const reader of [one, two]) {
      const next = await reader.board.read(signal());
      expect(next.map(({ id, released }) => [id, released === true]).toSorted()).toEqual([
        ["one-1", false],
        ["two-2", true],
      ]);
      for (const id of ["one-1", "two-2"]) expect(versionOf(id, [...next])).not.toBe(versionOf(id));
    }
  });

  test("what was said before and arrives late never replaces what was said since", async () => {
    const [one, two] = await openTwo();
    await two.board.post({ id: "two-2" }, signal());
    await one.board.post({ id: "one-1" }, signal());
    const letGo = one.holdNext();
    const late = one.board.post({ id: "one-1", claims: ["old"] }, AbortSignal.timeout(50));
    await expect(late).rejects.toBeDefined();
    await one.board.post({ id: "one-1", claims: ["new"] }, signal());
    await letGo();
    expect((await two.board.read(signal())).find(({ id }) => id === "one-1")).toMatchObject({ claims: ["new"] });
    await one.board.post({ id: "one-1", claims: ["newer"] }, signal());
    expect((await two.board.read(signal())).find(({ id }) => id === "one-1")).toMatchObject({ claims: ["newer"] });
  });

  test("what a dead one left behind is taken off, unless it has said something since", async () => {
    const [one, two] = await openTwo();
    await one.board.post({ id: "one-1" }, signal());
    await two.board.post({ id: "two-2" }, signal());
    const seen = (await two.board.read(signal())).filter(({ id }) => id === "one-1");
    await one.board.post({ id: "one-1" }, signal());
    for (const notice of seen) await two.board.remove(notice, signal());
    const still = (await two.board.read(signal())).filter(({ id }) => id === "one-1");
    expect([seen.length, still.length]).toEqual([1, 1]);
    for (const notice of still) await two.board.remove(notice, signal());
    expect((await two.board.read(signal())).map(({ id }) => id)).toEqual(["two-2"]);
  });
}

import fc from "fast-check";
import { expect, test } from "vitest";
import { Channel } from "../../src/kit/channel.ts";

async function read<T>(channel: Channel<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of channel) items.push(item);
  return items;
}

test("what was pushed before reading began, and before closing, is read in order", async () => {
  const channel = new Channel<number>();
  channel.push(1);
  channel.push(2);
  channel.close();
  expect(await read(channel)).toEqual([1, 2]);
});

test("a reader that waits gets what comes, and ends when the channel is closed", async () => {
  const channel = new Channel<string>();
  const reading = read(channel);
  await Promise.resolve();
  channel.push("late");
  await Promise.resolve();
  channel.close();
  expect(await reading).toEqual(["late"]);
});

test("nothing is lost or turned around, however pushes and turns of the loop mix", async () => {
  const burst = fc.array(fc.integer(), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.array(burst, { maxLength: 10 }), async (bursts) => {
      const channel = new Channel<number>();
      const reading = read(channel);
      for (const items of bursts) {
        for (const item of items) channel.push(item);
        await Promise.resolve();
      }
      channel.close();
      expect(await reading).toEqual(bursts.flat());
    }),
  );
});

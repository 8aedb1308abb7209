import { expect, test } from "vitest";
import { createEngine } from "../../../src/render/index.ts";
import { describeEngine, engineOf, newEngine } from "../../engine/index.ts";
import { ENDLESS, GOOD, rendering } from "../rendering.ts";

describeEngine("the engine's threads", () => {
  test("serve one render after the other, and those that wait get their turn after one that never ends", async () => {
    const engine = engineOf({ workers: 1, deadlineMs: 1500 });
    const endless = rendering(ENDLESS, { engine });
    const waiting = await Promise.all([rendering(GOOD, { engine }), rendering(GOOD, { engine })]);
    expect(waiting.map(({ problems }) => problems)).toEqual([[], []]);
    expect((await endless).problems).toMatchObject([{ code: "PL-RENDER-TIMEOUT" }]);
  });

  test("take no more than the queue holds", async () => {
    const engine = engineOf({ workers: 1, deadlineMs: 1500, queue: 1 });
    const results = await Promise.all([ENDLESS, ENDLESS, ENDLESS].map((files) => rendering(files, { engine })));
    const codes = results.map(({ problems }) => problems[0]?.code ?? "fine").sort();
    expect(codes).toEqual(["PL-RENDER-BUSY", "PL-RENDER-TIMEOUT", "PL-RENDER-TIMEOUT"]);
  });

  test("are given back by a caller who gives up, at work and while it waits", async () => {
    const engine = engineOf({ workers: 1, deadlineMs: 60_000 });
    const [atWork, inLine] = [new AbortController(), new AbortController()];
    const first = rendering(ENDLESS, { engine, signal: atWork.signal });
    await rendering(GOOD, { engine, signal: AbortSignal.timeout(300) }).catch(() => undefined);
    const second = rendering(GOOD, { engine, signal: inLine.signal });
    inLine.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    atWork.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    expect((await rendering(GOOD, { engine })).problems).toEqual([]);
  });

  test("end with the engine, whatever they are at", async () => {
    const engine = newEngine({ workers: 1, deadlineMs: 60_000 });
    const endless = rendering(ENDLESS, { engine }).catch((error: unknown) => error);
    await engine.close();
    expect(await endless).toBeDefined();
  });
});

test("an engine that cannot be had says so to each render, and is looked for again", async () => {
  let asked = 0;
  const load = async (): Promise<Uint8Array> => {
    asked++;
    throw new Error("not yet");
  };
  const engine = createEngine({ load, version: async () => "1" });
  for (const _ of [1, 2]) await expect(rendering(GOOD, { engine })).rejects.toThrow("not yet");
  expect(asked).toBe(2);
});

import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { createEngine, DEFAULT_LIMITS, type Engine } from "../../../src/render/index.ts";
import { describeEngine, engineOf, newEngine } from "../../engine/index.ts";
import { chart, ENDLESS, GOOD, rendering, settings } from "../rendering.ts";

/** Threads that were started since. Source: Node.js, "Diagnostics channel", worker_threads. */
function startedThreads(): readonly Worker[] {
  const started: Worker[] = [];
  const count = (message: unknown): void => void started.push((message as { worker: Worker }).worker);
  subscribe("worker_threads", count);
  onTestFinished(() => void unsubscribe("worker_threads", count));
  return started;
}

/** `threadId` of a thread that has ended. */
const ENDED = -1;

const problemsOf = async (engine: Engine) => (await rendering(GOOD, { engine })).problems;

describeEngine("a thread of the engine", () => {
  test("is used again, and ends when nobody has a use for it", async () => {
    const started = startedThreads();
    const engine = engineOf({ idleMs: 5 });
    await Promise.all([problemsOf(engine), problemsOf(engine)]);
    expect(started).toHaveLength(1);
    if (started[0]?.threadId !== ENDED) await once(started[0] as Worker, "exit");
    await problemsOf(engine);
    expect(started).toHaveLength(2);
  });

  test("is replaced when it has ended, which costs the render that ended it and no other", async () => {
    const started = startedThreads();
    const engine = engineOf({ deadlineMs: 1500 });
    expect((await rendering(ENDLESS, { engine })).problems).toMatchObject([{ code: "PL-RENDER-TIMEOUT" }]);
    expect(await problemsOf(engine)).toEqual([]);
    expect(started).toHaveLength(2);
  });

  test("that is replaced for its size works on until then", async () => {
    const started = startedThreads();
    const engine = engineOf({});
    const large = chart({ "a.yaml": `{{ $_ := repeat 120000000 "x" }}${settings('{ a: "1" }')}` });
    expect((await rendering(large, { engine })).problems).toEqual([]);
    expect(await problemsOf(engine)).toEqual([]);
    expect(started).toHaveLength(2);
  });

  test("is no more when the engine is closed, and what it did ends with a code", async () => {
    const engine = newEngine({ deadlineMs: 60_000 });
    const works = [ENDLESS, GOOD].map((files) => rendering(files, { engine }));
    await engine.close();
    for (const { problems } of await Promise.all(works)) {
      expect(problems).toMatchObject([{ code: "PL-PASS-CANCELLED", message: "the renderer is being closed" }]);
    }
    expect(await problemsOf(engine)).toMatchObject([{ code: "PL-PASS-CANCELLED" }]);
  });

  test("refuses what its caller cannot answer, and lives on", async () => {
    const engine = engineOf({});
    const helm = { name: "a", namespace: "b", revision: 1, isUpgrade: false, valueFiles: [], values: "", set: [] };
    const more = { setString: [], setFile: [], includeCrds: true, kubeVersion: "", apiVersions: [] };
    const request = { kind: "helm", path: "/@/web", helm: { ...helm, ...more } } as const;
    const output = { kind: "helm", repo: "r", revision: "1", path: "web", limits: DEFAULT_LIMITS } as const;
    const { failure } = await engine.render({ request, output, whole: [], files: [], told: [] }, () =>
      Promise.reject(new Error("a fault")),
    );
    expect(failure?.problem).toMatchObject({ code: "PL-INTERNAL", message: "a fault" });
    expect(await problemsOf(engine)).toEqual([]);
  });
});

test("a build that is cut short, or is something else, is as good as none", async () => {
  for (const bytes of [Buffer.from("\0asm\x01\0\0\0\x05"), Buffer.from("no module at all")]) {
    const engine = createEngine({ load: async () => bytes, version: async () => "1" });
    expect(await problemsOf(engine)).toMatchObject([{ code: "PL-ENGINE-MISSING" }]);
  }
});

import { existsSync } from "node:fs";
import { afterAll, describe, onTestFinished, test } from "vitest";
import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  engineFile,
  engineVersion,
  findEngineModule,
} from "../../src/render/index.ts";

/** An engine with limits of the test's own. Whoever makes it closes it. */
export function newEngine(options: Partial<EngineOptions> = {}): Engine {
  return createEngine({ ...findEngineModule({ cacheFolder: ownCacheFolder() }), workers: 1, ...options });
}

/** An engine with limits of the test's own, which is closed when the test ends. */
export function engineOf(options: Partial<EngineOptions>): Engine {
  const engine = newEngine(options);
  onTestFinished(() => engine.close());
  return engine;
}

let shared: Engine | undefined;

/** The engine of this test file. */
export function testEngine(): Engine {
  shared ??= newEngine();
  return shared;
}

afterAll(async () => {
  await shared?.close();
  shared = undefined;
});

/** Tests that need the engine. */
export function describeEngine(name: string, tests: () => void): void {
  const version = engineVersion();
  if (version !== undefined && existsSync(engineFile(ownCacheFolder(), version))) describe(name, tests);
  else describe.skip(name, () => test("needs the renderer: npm run build:engine", () => undefined));
}

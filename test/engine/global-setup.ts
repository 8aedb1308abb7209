import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import { buildEngine, engineUnavailable } from "./build.ts";

/** Vitest runs this once before the tests that render charts and kustomizations. A build machine that silently tests less must fail. */
export default async function setup(): Promise<void> {
  const reason = engineUnavailable();
  if (reason === undefined) await buildEngine(ownCacheFolder());
  else if (process.env["CI"] === "true") throw new Error(`tests of the renderer cannot run: ${reason}`);
  else process.stderr.write(`engine: tests of the renderer are skipped: ${reason}\n`);
}

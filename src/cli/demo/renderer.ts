import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { findEngineModule } from "../../render/index.ts";
import { endGroup } from "../../sandbox/index.ts";
import type { DemoParts, DemoRenderer } from "./demo-parts.ts";

/** Only a clone of the repository has it. */
const MAIN = fileURLToPath(new URL("../../../test/engine/main.ts", import.meta.url));

export interface PreparedRenderer extends DemoRenderer {
  /** Resolves when nothing is being built any more. */
  readonly settled: Promise<void>;
}

/** The renderer of charts and kustomizations: built beside the demo where it is missing, in a process that ends with it. */
export async function prepareRenderer(
  cacheFolder: string,
  { cleanups, signal }: Omit<DemoParts, "folder">,
): Promise<PreparedRenderer> {
  const isThere = await findEngineModule({ cacheFolder })
    .version()
    .then(
      () => true,
      () => false,
    );
  if (isThere) return { whyMissing: () => undefined, settled: Promise.resolve() };
  if (!existsSync(MAIN)) return { whyMissing: () => "this installation has no renderer", settled: Promise.resolve() };
  return build({ cleanups, signal });
}

function build({ cleanups, signal }: Omit<DemoParts, "folder">): PreparedRenderer {
  const started = performance.now();
  const child = spawn(process.execPath, [MAIN], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let state: string | undefined = "building";
  const settled = (async () => {
    const [words, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    state = code === 0 ? undefined : `it could not be built: ${lastLine(words)}`;
  })();
  // The programs that it started are of its group.
  const end = (): void => endGroup(child);
  signal.addEventListener("abort", end, { once: true });
  cleanups.push(async () => {
    signal.removeEventListener("abort", end);
    end();
    await settled;
  });
  const seconds = (): number => Math.round((performance.now() - started) / 1000);
  const whyMissing = (): string | undefined =>
    state === "building" ? `the renderer is being built (${seconds()} s so far; about a minute in all)` : state;
  return { whyMissing, settled };
}

function lastLine(words: string): string {
  return (
    words
      .trim()
      .split("\n")
      .at(-1)
      ?.replace(/^engine: /, "") ?? "it says nothing"
  );
}

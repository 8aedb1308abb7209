import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import { engineVersion } from "../../src/render/index.ts";
import { buildEngine } from "./build.ts";

/** `npm run build:engine`: builds the renderer into the cache; with --pack FOLDER also compressed into a release's folder. */
const { values } = parseArgs({ options: { pack: { type: "string" } } });
try {
  const file = await buildEngine(ownCacheFolder());
  if (values.pack !== undefined) await pack(file, values.pack);
  process.stdout.write(`${file}\n`);
} catch (error) {
  process.stderr.write(`engine: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 3;
}

async function pack(file: string, folder: string): Promise<void> {
  const packed = join(folder, `engine-${engineVersion()}.wasm.zst`);
  await rm(packed, { force: true });
  await mkdir(folder, { recursive: true });
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  await writeFile(packed, await promisify(zstdCompress)(await readFile(file), { params }));
}

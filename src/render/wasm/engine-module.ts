import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { zstdDecompress } from "node:zlib";
import { compareText } from "../../kit/compare-text.ts";
import { hashJson } from "../../kit/hash.ts";
import { PlumblineError } from "../../model/index.ts";

/** From here as from dist/render/wasm: the folder that holds `src` is three above. Only a clone has it. */
const SOURCES = fileURLToPath(new URL("../../../src/render/engine/", import.meta.url));
/** A release carries the module, compressed, under a name with its version. */
const PACKED_FOLDER = fileURLToPath(new URL("../", import.meta.url));
const PACKED = /^engine-([0-9a-f]{16})\.wasm\.zst$/;

export interface EngineModule {
  readonly load: () => Promise<Uint8Array>;
  readonly version: () => Promise<string>;
}

/** The folder of the Go sources, in a clone. */
export function engineSources(): string {
  return SOURCES;
}

/** Same sources, same module: the name under which a build of them is kept. Undefined outside a clone. */
export function engineVersion(): string | undefined {
  if (!existsSync(join(SOURCES, "go.mod"))) return undefined;
  const names = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => /\.(go|mod|sum|json)$/.test(name)).sort(compareText);
  return hashJson(files.map((name) => [name, readFileSync(join(SOURCES, name), "utf8")])).slice(0, 16);
}

/** Where a build of these sources is, or will be. */
export function engineFile(cacheFolder: string, version: string): string {
  return join(cacheFolder, "engine", version, "engine.wasm");
}

export interface EngineModuleOptions {
  /** Builds are below it. */
  readonly cacheFolder: string;
  /** What is being done about a module that is missing, in a sentence. */
  readonly whyMissing?: () => string | undefined;
}

/** The engine's module: a release's own, or one that was built from the clone's sources. Errors: PL-ENGINE-MISSING. */
export function findEngineModule({ cacheFolder, whyMissing }: EngineModuleOptions): EngineModule {
  const version = engineVersion();
  const packed = version === undefined ? packedModule() : undefined;
  const missing = (): PlumblineError =>
    new PlumblineError("PL-ENGINE-MISSING", {
      message: whyMissing?.() ?? "charts and kustomizations cannot be rendered yet",
    });
  return {
    async version() {
      if (packed !== undefined) return packed.version;
      if (version === undefined || !existsSync(engineFile(cacheFolder, version))) throw missing();
      return version;
    },
    async load() {
      if (packed !== undefined) return await promisify(zstdDecompress)(await readFile(packed.file));
      if (version === undefined || !existsSync(engineFile(cacheFolder, version))) throw missing();
      return await readFile(engineFile(cacheFolder, version));
    },
  };
}

function packedModule(): { readonly file: string; readonly version: string } | undefined {
  for (const name of readdirSync(PACKED_FOLDER)) {
    const version = PACKED.exec(name)?.[1];
    if (version !== undefined) return { file: join(PACKED_FOLDER, name), version };
  }
  return undefined;
}

import { type Plugin, type RolldownOptions, rolldown } from "rolldown";

export interface Bundle {
  readonly input: NonNullable<RolldownOptions["input"]>;
  readonly folder: string;
  /** Expressions for what a module, by its path, shall take for its own place: a URL, and the path of its folder. */
  readonly placeOf: (path: string) => { readonly url: string; readonly folder: string; readonly path: string };
}

/** Loaded from where they are installed, by those who are given --redis: they find their own parts by names that a bundle does not keep. */
const EXTERNAL = ["bullmq", "ioredis"];

/** Modules and their libraries: one file for each of `input`, and one for each that is imported only where it is needed. */
export async function bundle({ input, folder, placeOf }: Bundle): Promise<void> {
  const plugins = [ownPlaces(placeOf)];
  const build = await rolldown({ input, external: EXTERNAL, platform: "node", plugins, logLevel: "silent" });
  await build.write({ dir: folder, format: "esm" });
  await build.close();
}

/** What a module says of its own place is where it was read from. */
function ownPlaces(placeOf: Bundle["placeOf"]): Plugin {
  return {
    name: "own-places",
    transform: {
      filter: { code: /import\.meta\.|__dirname|__filename/ },
      handler(code, id) {
        const { url, folder, path } = placeOf(id);
        return code
          .replaceAll("import.meta.url", () => url)
          .replaceAll("import.meta.dirname", () => folder)
          .replace(/\b__dirname\b/g, () => folder)
          .replace(/\b__filename\b/g, () => path);
      },
    },
  };
}

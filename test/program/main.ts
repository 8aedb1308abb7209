/**
 * `node test/program/main.ts`: puts dist/cli/main.js and its libraries together in dist/program/, which is what is installed. Reading
 * 1,900 modules one by one takes half a second of a processor at each start.
 *
 * A module still takes itself for the file in dist/ (or node_modules/) that it was, beside the bundle, wherever both are put.
 */
import { rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { bundle } from "./bundle.ts";

const DIST = join(import.meta.dirname, "../../dist");
const FOLDER = join(DIST, "program");

rmSync(FOLDER, { recursive: true, force: true });
await bundle({
  input: { main: join(DIST, "cli/main.js") },
  folder: FOLDER,
  placeOf: (path) => ({
    url: `new URL(${from(path)}, import.meta.url).href`,
    path: `process.getBuiltinModule("node:path").join(import.meta.dirname, ${from(path)})`,
    folder: `process.getBuiltinModule("node:path").join(import.meta.dirname, ${from(dirname(path))})`,
  }),
});

function from(path: string): string {
  return JSON.stringify(relative(FOLDER, path));
}

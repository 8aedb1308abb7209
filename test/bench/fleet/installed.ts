import { readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");
const PLUMB = join(ROOT, "dist/program/main.js");

/** `plumb` as `npm install` runs it: with the environment and the options of its first line. Needs `npm run build`. */
export function installedPlumb(): {
  readonly options: readonly string[];
  readonly program: string;
  readonly env: { readonly [name: string]: string };
} {
  const [first = ""] = readFileSync(PLUMB, "utf8").split("\n", 1);
  const options = first.match(/ --\S+/g)?.map((option) => option.trim()) ?? [];
  const env = Object.fromEntries((first.match(/\b[A-Z_]+=\S+/g) ?? []).map((one) => one.split("=", 2)));
  return { options, program: PLUMB, env };
}

/** Part of an installation, so that nobody looks for them every minute. */
export const APPLY_DEFINITIONS: readonly string[] = [
  ...["apply", "--server-side"],
  ...["crd.yaml", "project-crd.yaml"].flatMap((file) => ["-f", join(ROOT, "manifests/deploy", file)]),
];

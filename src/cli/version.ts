import { readFileSync } from "node:fs";
import { isJsonObject } from "../model/index.ts";

/** From package.json, which lies two folders above this one in src/ and in dist/ alike. */
export function ownVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  const version = isJsonObject(parsed) ? parsed["version"] : undefined;
  return typeof version === "string" ? version : "unknown";
}

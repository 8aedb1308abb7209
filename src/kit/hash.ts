import { hash } from "node:crypto";

/** JSON with sorted keys and without undefined: equal values, equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const part = (value as { [key: string]: unknown })[key];
    if (part !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(part)}`);
  }
  return `{${parts.join(",")}}`;
}

export function sha256(text: string | Uint8Array): string {
  return hash("sha256", text);
}

/** Equal JSON values, equal hash; the order of keys does not count, the order of items does. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

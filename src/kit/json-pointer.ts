import { compareText } from "./compare-text.ts";

/** RFC 6901. */
export function escapeToken(token: string): string {
  return token.includes("~") || token.includes("/") ? token.replaceAll("~", "~0").replaceAll("/", "~1") : token;
}

export function unescapeToken(token: string): string {
  return token.includes("~") ? token.replaceAll("~1", "/").replaceAll("~0", "~") : token;
}

export function formatPointer(tokens: readonly (string | number)[]): string {
  return tokens.map((token) => `/${escapeToken(String(token))}`).join("");
}

/** "" is the whole document. A pointer that does not begin with a slash has no tokens to speak of: undefined. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) return undefined;
  return pointer.slice(1).split("/").map(unescapeToken);
}

/** The value at the tokens, undefined where the way ends. Only own properties count. */
export function valueAt(root: unknown, tokens: readonly (string | number)[]): unknown {
  let value = root;
  for (const token of tokens) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, token)) return undefined;
    value = (value as { [key: string | number]: unknown })[token];
  }
  return value;
}

/** For `sort`: of two items of one list the one behind goes first, so that removing the one does not move the other. */
export function laterFirst(one: string, other: string): number {
  const [left, right] = [parsePointer(one) ?? [], parsePointer(other) ?? []];
  const at = left.findIndex((token, depth) => token !== right[depth]);
  const [mine = "", theirs = ""] = [left[at], right[at]];
  return Number(theirs) - Number(mine) || compareText(mine, theirs);
}

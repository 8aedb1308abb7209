import { CANARY } from "../kinds.ts";

/** Every spelling in which a secret value begins alike: as it is, and in base64 once and twice. */
const BASE64 = Buffer.from(CANARY).toString("base64");
const SPELLINGS = [CANARY, BASE64, Buffer.from(BASE64).toString("base64").slice(0, 16)];

/** Where a secret value can be read, one sentence each, with what stands around it. */
export function shownSecrets(surfaces: ReadonlyMap<string, string>): readonly string[] {
  return [...surfaces].flatMap(([name, text]) => {
    const found = SPELLINGS.map((spelling) => text.indexOf(spelling)).find((at) => at >= 0);
    if (found === undefined) return [];
    return [`${name} shows a secret: …${text.slice(Math.max(0, found - 80), found + 40)}…`];
  });
}

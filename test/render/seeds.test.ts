import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeText } from "./decoding.ts";

interface Block {
  readonly file: string;
  readonly verdict: string;
  readonly docs: readonly { readonly kind: string | null; readonly name: string | null }[];
  readonly strictYaml?: unknown;
}

const conformance = process.env["PLUMB_CONFORMANCE"] ?? "../shared/conformance";
const folder = resolve(import.meta.dirname, "../..", conformance, "seeds");
const isThere = existsSync(join(folder, "index.json"));
const blocks: readonly Block[] = isThere ? JSON.parse(readFileSync(join(folder, "index.json"), "utf8")).blocks : [];

function codesOf(file: string): string[] {
  const { problems } = decodeText(readFileSync(join(folder, file)), { file });
  return [...new Set(problems.map(({ code }) => code))];
}

describe.skipIf(!isThere)("manifests as people write them (PLUMB_CONFORMANCE names the folder)", () => {
  test.each(blocks.map((block) => [block.file, block] as const))("%s", (file, block) => {
    const codes = codesOf(file);
    if (block.verdict === "invalid-yaml") {
      expect(codes).toEqual([expect.stringMatching(/^PL-(YAML|MANIFEST)-/)]);
      return;
    }
    const isIncomplete = block.docs.some(({ kind, name }) => kind === null || name === null);
    const allowed = [...(isIncomplete ? ["PL-MANIFEST-INCOMPLETE"] : []), "PL-YAML-DUPLICATE-KEY"];
    expect(codes.filter((code) => !allowed.includes(code))).toEqual([]);
    if (block.verdict === "valid") expect(codes).toEqual([]);
  });
});

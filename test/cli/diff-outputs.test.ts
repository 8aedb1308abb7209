import { join } from "node:path";
import { Compile } from "typebox/compile";
import { describe, expect, test } from "vitest";
import { DiffPageSchema } from "../../src/api/diff.ts";
import { printDifferences } from "../../src/cli/print/differences.ts";
import type { DiffOutput } from "../../src/cli/settings/client.ts";
import { diffRows } from "./diff-cases.ts";

const NOW = Date.parse("2026-01-01T00:13:00Z");

interface Shown {
  readonly rows?: ReturnType<typeof diffRows>;
  readonly foreign?: boolean;
  readonly colour?: boolean;
}

async function print(output: DiffOutput, { rows = diffRows(), foreign = false, colour = false }: Shown = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const host = {
    ...{ argv: [], env: {}, home: "", colour, now: () => NOW },
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
  };
  const isWhole = output === "patch" || output === "unified";
  const asked = isWhole ? rows : rows.map(({ patch: _patch, before: _before, after: _after, ...fields }) => fields);
  const differs = await printDifferences(host, output, { rows: asked, what: "in shop/web", foreign });
  return { out: out.join(""), err: err.join(""), differs };
}

/** `--update` of vitest writes them anew: read what changed before it is committed. */
const golden = (name: string) => join(import.meta.dirname, "golden", name);

describe("the whole text of a diff", () => {
  test.for<readonly [string, DiffOutput, Shown]>([
    ["diff.txt", "text", {}],
    ["diff-foreign.txt", "text", { foreign: true }],
    ["diff-wide.txt", "wide", { foreign: true }],
    ["diff-colour.txt", "text", { foreign: true, colour: true }],
    ["diff.json", "json", {}],
    ["diff.yaml", "yaml", {}],
    ["diff-names.txt", "name", {}],
    ["diff-patch.json", "patch", {}],
    ["diff-unified.diff", "unified", {}],
    ["diff-unified-colour.txt", "unified", { colour: true }],
  ])("%s", async ([file, output, shown]) => {
    const { out, err, differs } = await print(output, shown);
    expect({ err, differs }).toEqual({ err: "", differs: true });
    await expect(out).toMatchFileSnapshot(golden(file));
  });
});

test("its JSON is that of the API, field by field", async () => {
  const page = JSON.parse((await print("json", { foreign: true })).out);
  const item = Compile(DiffPageSchema.properties.items.items);
  for (const one of page.items) expect([...item.Errors(one)]).toEqual([]);
  expect(page.items).toHaveLength(diffRows().length);
});

test.for(["text", "wide", "unified"] as const)("nothing of the cluster steers the terminal: %s", async (output) => {
  const { out } = await print(output, { foreign: true });
  expect(out).toContain("[31mred");
  expect(out).not.toContain("\u001b");
});

test("where nothing differs, fields that are left and fields of others are told, and the verdict is that", async () => {
  const rows = diffRows().filter(({ sync }) => sync === "Synced");
  expect(await print("text", { rows })).toEqual({
    out: "= Deployment shop/scaled\n    spec.replicas  4   left to HorizontalPodAutoscaler web: its minReplicas and maxReplicas decide\nno object differs; 1 field is left to others\n",
    err: "",
    differs: false,
  });
  expect(await print("text", { rows: [] })).toEqual({ out: "", err: "no difference in shop/web\n", differs: false });
  expect(await print("name", { rows })).toMatchObject({ out: "", differs: false });
  expect(await print("unified", { rows })).toMatchObject({ out: "", err: "no difference in shop/web\n" });
  expect(await print("patch", { rows })).toMatchObject({ out: '{\n  "items": []\n}\n' });
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import type { RenderCase } from "./case-file.ts";
import { compareCases } from "./compare-cases.ts";
import { writeSizedChart } from "./sized-chart.ts";

const folder = mkdtempSync(join(tmpdir(), "plumbline-sized-"));
writeSizedChart(join(folder, "repo"), 40);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sized: RenderCase = {
  ...{ engine: "helm", id: "helm/sized", folder, path: ".", name: "shop", namespace: "team-a" },
  ...{ source: {}, references: {}, archives: {}, upstream: [], updates: false, fails: false },
  what: "a chart of 40 files renders",
  shows: ["name: shop-sized-part-0", "name: shop-sized-part-39", 'value: "value 36-9"'],
};

compareCases("helm", [sized]);

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ownCacheFolder } from "../../src/cli/settings/cache-folder.ts";
import { canonicalJson } from "../../src/kit/hash.ts";
import { formatRef, type Manifest, PlumblineError, toProblem } from "../../src/model/index.ts";
import { createEngine, DEFAULT_LIMITS, decode, findEngineModule, renderFolder } from "../../src/render/index.ts";
import type { Judged, LeftOut, SetAnswers } from "./types.ts";

/** What `helm template web CHART` rendered stands beside the chart. */
const RENDERED = ".rendered.yaml";

/** The charts beside an index of manifests, each against what Helm made of it. Without the renderer they are left out. */
export async function answersToCharts(root: string): Promise<SetAnswers> {
  const folder = join(root, "charts");
  const rendered = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(RENDERED)) : [];
  const found = await Promise.all(rendered.map((file) => answerTo(folder, file.slice(0, -RENDERED.length))));
  return {
    cases: found.flatMap((one) => ("why" in one ? [] : [one])),
    leftOut: found.flatMap((one) => ("why" in one ? [one] : [])),
  };
}

async function answerTo(folder: string, chart: string): Promise<Judged | LeftOut> {
  const name = `charts/${chart}`;
  const wanted = decode({
    ...{ bytes: readFileSync(join(folder, `${chart}${RENDERED}`)), file: `${name}${RENDERED}` },
    ...{ repo: "seeds", revision: "0", limits: DEFAULT_LIMITS },
  });
  const engine = createEngine({ ...findEngineModule({ cacheFolder: ownCacheFolder() }), workers: 1 });
  try {
    const { manifests } = await renderFolder(join(folder, chart), { root: folder, engine, release: { name: "web" } });
    const fault = difference(manifests, wanted.manifests);
    return { name, ...(fault !== undefined && { wrong: fault }) };
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    const { code, message } = toProblem(error);
    if (code === "PL-ENGINE-MISSING") return { name, why: "the renderer is not built: npm run build:engine" };
    return { name, wrong: `${code} ${message}` };
  } finally {
    await engine.close();
  }
}

function difference(ours: readonly Manifest[], theirs: readonly Manifest[]): string | undefined {
  const texts = (all: readonly Manifest[]) =>
    new Map(all.map(({ ref, object }) => [formatRef(ref), canonicalJson(object)]));
  const [found, wanted] = [texts(ours), texts(theirs)];
  const names = [...new Set([...found.keys(), ...wanted.keys()])];
  const wrong = names.filter((name) => found.get(name) !== wanted.get(name));
  return wrong.length === 0 ? undefined : `not as Helm renders it: ${wrong.join(", ")}`;
}

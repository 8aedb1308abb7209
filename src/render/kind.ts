import type { SourceSpec } from "../model/index.ts";
import type { Tree } from "./mounts.ts";

export type RenderKind = "plain" | "helm" | "kustomize";

const KUSTOMIZATIONS = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** What a path holds, by the files in it, unless the source says it. A single file is a chart's archive or a manifest. */
export async function kindOf(
  tree: Tree,
  path: string,
  source: Pick<SourceSpec, "chart" | "render">,
): Promise<RenderKind> {
  if (source.chart !== undefined) return "helm";
  if (source.render !== undefined) return source.render;
  const entry = await tree.entry(path);
  if (entry === undefined) return "plain";
  if (entry.kind === "file") return path.endsWith(".tgz") ? "helm" : "plain";
  const names = await entry.names();
  if (names.includes("Chart.yaml")) return "helm";
  return KUSTOMIZATIONS.some((name) => names.includes(name)) ? "kustomize" : "plain";
}

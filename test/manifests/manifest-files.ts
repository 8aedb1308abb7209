import { join } from "node:path";
import type { KubeObject, Manifest } from "../../src/model/index.ts";
import { renderFolder } from "../../src/render/index.ts";

export const EXAMPLES = ["shop", "blog"] as const;
const ROOT = join(import.meta.dirname, "../../manifests");

/** Every manifest in the files of a folder below manifests/, a kustomization among them. Throws when one has a problem: there is none that may. */
export async function manifestsOf(folder: string): Promise<readonly Manifest[]> {
  const { manifests, problems } = await renderFolder(join(ROOT, folder), { source: { render: "plain" } });
  if (problems.length > 0) throw new Error(problems.map(({ where, message }) => `${where}: ${message}`).join("\n"));
  return manifests;
}

export async function objectsOf(folder: string): Promise<readonly KubeObject[]> {
  return (await manifestsOf(folder)).map(({ object }) => object);
}

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { load } from "js-yaml";

/**
 * kwok's life stages of Nodes and Pods as one YAML stream, from a kustomization that only lists resources (as
 * kustomize/stage/fast of the kwok module does): its files one after the other, listed folders entered.
 * Throws when the kustomization does anything else, because that would be lost here.
 */
export async function joinStages(kustomization: string): Promise<string> {
  const documents: string[] = [];
  for (const resource of resourcesOf(load(await readFile(kustomization, "utf8")), kustomization)) {
    const path = join(dirname(kustomization), resource);
    documents.push(
      path.endsWith(".yaml") ? await readFile(path, "utf8") : await joinStages(join(path, "kustomization.yaml")),
    );
  }
  return documents.map((text) => text.trim()).join("\n---\n");
}

const UNDERSTOOD = new Set(["apiVersion", "kind", "resources"]);

function resourcesOf(document: unknown, path: string): string[] {
  if (typeof document !== "object" || document === null || !("resources" in document)) {
    throw new Error(`${path}: no list of resources`);
  }
  const unknown = Object.keys(document).filter((key) => !UNDERSTOOD.has(key));
  if (unknown.length > 0) throw new Error(`${path}: cannot join stages that use ${unknown.join(", ")}`);
  const { resources } = document;
  if (!Array.isArray(resources)) throw new Error(`${path}: resources is not a list`);
  return resources.map(String);
}

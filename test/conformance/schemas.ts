import {
  type CompiledOpenApi,
  compileOpenApi,
  type GroupVersionKind,
  isJsonObject,
  type KubeObject,
  parseApiVersion,
  type SchemaNode,
} from "../../src/model/index.ts";
import { createCatalogue } from "../../src/sandbox/kubernetes/catalogue/index.ts";
import { conformanceFolder, readCaseFolder } from "./case-folder.ts";
import type { CaseFile, CaseFolder } from "./types.ts";

export function isOpenApi({ value }: CaseFile): boolean {
  return isJsonObject(value) && isJsonObject(value["components"]) && isJsonObject(value["components"]["schemas"]);
}

export type SchemaOf = (object: Pick<KubeObject, "apiVersion" | "kind">) => SchemaNode | undefined;

/** Schemas as the server published them: those of the folder, then those of the folder beside the clone, then the sandbox's own, which were
 *  generated from the same server. */
export function schemasOf(folder: CaseFolder): SchemaOf {
  const documents = [once(() => compiled(folder)), once(besideTheClone)];
  const catalogue = createCatalogue();
  return ({ apiVersion, kind }) => {
    const wanted: GroupVersionKind = { ...parseApiVersion(apiVersion), kind };
    for (const all of documents) {
      const known = all().flatMap((one) => one.schema(wanted) ?? [])[0];
      if (known !== undefined) return known;
    }
    return catalogue.byKind(wanted)?.schema();
  };
}

function besideTheClone(): readonly CompiledOpenApi[] {
  return conformanceFolder === undefined ? [] : compiled(readCaseFolder(conformanceFolder));
}

function compiled({ files }: CaseFolder): readonly CompiledOpenApi[] {
  return files.filter(isOpenApi).map(({ value }) => compileOpenApi(value));
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

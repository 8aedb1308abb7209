import type { KubeObject, SchemaNode } from "../../../src/model/index.ts";
import { conformanceFolder, readCaseFolder, type Scenario, scenariosIn, schemasOf } from "../../conformance/index.ts";

const folder = conformanceFolder === undefined ? undefined : readCaseFolder(conformanceFolder);
const schemaOf = folder && schemasOf(folder);

export const HAS_CONFORMANCE = folder !== undefined;

export function recordedScenarios(): Scenario[] {
  return folder === undefined ? [] : scenariosIn(folder);
}

/** The schema that the real server published. */
export function publishedSchema(object: Pick<KubeObject, "apiVersion" | "kind">): SchemaNode {
  const schema = schemaOf?.(object);
  if (schema === undefined) throw new Error(`no schema for ${object.apiVersion} ${object.kind}`);
  return schema;
}

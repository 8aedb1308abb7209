import { isJsonObject, type Json, type JsonObject, type KubeObject } from "../../../model/index.ts";
import type { CustomFacts, PrinterColumn, ScalePaths } from "../types.ts";
import { ALL_VERBS, type ResourceFacts } from "./built-in.ts";
import { conditionOf, objectAt, objectsAt, text, texts } from "./definition-parts.ts";

/** What a CustomResourceDefinition defines, one entry a served version: nothing while its names belong to another one. */
export function definedResources(definition: KubeObject): (ResourceFacts & { readonly custom: CustomFacts })[] {
  if (conditionOf(objectAt(definition, "status"), "Established")?.["status"] === "False") return [];
  const spec = objectAt(definition, "spec");
  const names = servedNames(definition);
  const kind = text(names["kind"]);
  const shared = {
    group: text(spec["group"]),
    kind,
    plural: text(names["plural"]),
    singular: text(names["singular"]) || kind.toLowerCase(),
    shortNames: texts(names["shortNames"]),
    categories: texts(names["categories"]),
    namespaced: spec["scope"] === "Namespaced",
    verbs: ALL_VERBS,
  };
  return objectsAt(spec, "versions")
    .filter((version) => version["served"] === true)
    .map((version) => {
      const subresources = objectAt(version, "subresources");
      return {
        ...shared,
        version: text(version["name"]),
        status: isJsonObject(subresources["status"]),
        scale: scaleOf(subresources["scale"]),
        custom: { columns: columnsOf(version), openApi: objectAt(objectAt(version, "schema"), "openAPIV3Schema") },
      };
    });
}

/** Those that were accepted; before anything is said of them, those that are asked for. */
function servedNames(definition: KubeObject): JsonObject {
  const accepted = objectAt(objectAt(definition, "status"), "acceptedNames");
  return text(accepted["kind"]) === "" ? objectAt(objectAt(definition, "spec"), "names") : accepted;
}

const AGE: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

function columnsOf(version: JsonObject): PrinterColumn[] {
  const columns = objectsAt(version, "additionalPrinterColumns").map((column): PrinterColumn => {
    const { priority, format, description } = column;
    return {
      name: text(column["name"]),
      type: text(column["type"]),
      jsonPath: text(column["jsonPath"]),
      ...(typeof format === "string" ? { format } : {}),
      ...(typeof description === "string" ? { description } : {}),
      ...(typeof priority === "number" ? { priority } : {}),
    };
  });
  return columns.length === 0 ? [AGE] : columns;
}

function scaleOf(scale: Json | undefined): ScalePaths | undefined {
  if (!isJsonObject(scale)) return undefined;
  const selector = scale["labelSelectorPath"];
  return {
    specReplicas: text(scale["specReplicasPath"]),
    statusReplicas: text(scale["statusReplicasPath"]),
    ...(typeof selector === "string" ? { selector } : {}),
  };
}

import { isJsonObject, type JsonObject, type KubeObject, type LiveObject, PlumblineError } from "../model/index.ts";
import { compactFields } from "./compact-fields.ts";

/** The body of a good answer as JSON. Errors: PL-KUBE-UNEXPECTED, without the text, which may be a secret's. */
export function parseBody(text: string, where: string): JsonObject {
  const parsed = tryParse(text);
  if (isJsonObject(parsed)) return parsed;
  throw new PlumblineError("PL-KUBE-UNEXPECTED", {
    message: `the server's answer is no JSON object (${text.length} characters)`,
    where,
  });
}

/** Undefined for what is no JSON. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON: a proxy's page, say. The caller judges by the status
  }
}

/** An answered object. The answer to a dry run of a creation has no resourceVersion; it is "" then. Errors: PL-KUBE-UNEXPECTED. */
export function toLiveObject(value: unknown, where: string): LiveObject {
  if (!isKubeObject(value)) {
    throw new PlumblineError("PL-KUBE-UNEXPECTED", { message: "the server's answer is no Kubernetes object", where });
  }
  const { metadata } = value;
  compactFields(metadata);
  if (isLive(value)) return value;
  return {
    ...value,
    metadata: { ...metadata, uid: metadata.uid ?? "", resourceVersion: metadata.resourceVersion ?? "" },
  };
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isJsonObject(value) || typeof value["apiVersion"] !== "string" || typeof value["kind"] !== "string")
    return false;
  return isJsonObject(value["metadata"]) && typeof value["metadata"]["name"] === "string";
}

function isLive(object: KubeObject): object is LiveObject {
  return object.metadata.uid !== undefined && object.metadata.resourceVersion !== undefined;
}

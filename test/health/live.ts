import type { LiveObject } from "../../src/model/index.ts";

/** `live("apps/v1 Deployment", { status })`: an object in its second generation. */
export function live(text: string, fields: object = {}, metadata: object = {}): LiveObject {
  const [apiVersion = "", kind = ""] = text.split(" ");
  return {
    apiVersion,
    kind,
    metadata: { name: "web", namespace: "shop", uid: "u", resourceVersion: "1", generation: 2, ...metadata },
    ...fields,
  };
}

import { FIELD_MANAGER, type KubeObject } from "../model/index.ts";

/** A namespace that nobody declared: made because something goes into it. */
export function namespaceObject(name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "app.kubernetes.io/created-by": FIELD_MANAGER } },
  };
}

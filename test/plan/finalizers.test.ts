import { expect, test } from "vitest";
import type { JsonObject, LiveObject } from "../../src/model/index.ts";
import { whatBlocksDeletion } from "../../src/plan/index.ts";

function leaving(kind: string, finalizers: readonly string[], more: JsonObject = {}): LiveObject {
  const metadata = { name: "x", uid: "u", resourceVersion: "1", deletionTimestamp: "2026-01-01T00:00:00Z", finalizers };
  return { apiVersion: "v1", kind, ...more, metadata };
}

test.each([
  [
    leaving("PersistentVolumeClaim", ["kubernetes.io/pvc-protection"]),
    "finalizer kubernetes.io/pvc-protection (taken off when no Pod mounts it any more)",
  ],
  [leaving("Service", ["service.kubernetes.io/load-balancer-cleanup"]), "cloud controller"],
  [leaving("Deployment", ["foregroundDeletion"]), "foregroundDeletion (taken off when what it owns is gone)"],
  [leaving("Widget", ["example.com/a", "b"]), "finalizers example.com/a (of the controller of example.com), b"],
  [leaving("Pod", []), "its grace period to end"],
])("what keeps an object from going is named, with who usually ends it: %#", (object, words) => {
  expect(whatBlocksDeletion(object)).toContain(words);
});

test("a namespace tells what is left in it in the words of its own conditions", () => {
  const conditions = [
    { type: "NamespaceDeletionDiscoveryFailure", status: "False", message: "all found" },
    {
      type: "NamespaceContentRemaining",
      status: "True",
      message: "Some resources are remaining: pods. has 2 resource instances",
    },
    { type: "NamespaceFinalizersRemaining", status: "True", message: "some.io/hold in 1 resource instances" },
  ];
  expect(whatBlocksDeletion(leaving("Namespace", [], { status: { conditions } }))).toBe(
    "Some resources are remaining: pods. has 2 resource instances; some.io/hold in 1 resource instances",
  );
});

/** Volumes as a cluster's provisioner would make them: there is none here. */
export const VOLUMES = ["first", "second"].map((name) => ({
  apiVersion: "v1",
  kind: "PersistentVolume",
  metadata: { name },
  spec: { capacity: { storage: "10Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/nonexistent" } },
}));

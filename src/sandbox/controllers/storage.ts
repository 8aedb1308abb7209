import type { JsonObject, LiveObject } from "../../model/index.ts";
import { type Controller, core, MANAGER, type Stage } from "./controller.ts";
import { listOf, partOf, textOf, writeStatus } from "./fields.ts";
import { failureOf } from "./owned.ts";

const CLASS = { group: "storage.k8s.io", kind: "StorageClass" };
const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/** A claim gets a volume of its class; one whose class waits for the first consumer waits for a Pod. */
export const claims: Controller = {
  kind: core("PersistentVolumeClaim"),
  reconcile(claim, stage) {
    const status = partOf(claim, "status");
    if (claim.metadata.deletionTimestamp !== undefined || textOf(status, "phase") === "Bound") return undefined;
    const volume = textOf(partOf(claim, "spec"), "volumeName");
    if (volume !== "") return bind(claim, volume, stage);
    const failure = failureOf(stage, claim);
    const storage = classOf(claim, stage);
    if (failure !== undefined) waits(claim, { reason: "ProvisioningFailed", message: failure }, stage);
    else if (storage === undefined)
      waits(
        claim,
        {
          reason: "FailedBinding",
          message: "no persistent volumes available for this claim and no storage class is set",
        },
        stage,
      );
    else if (storage["volumeBindingMode"] === "WaitForFirstConsumer" && !isUsed(claim, stage)) {
      waits(
        claim,
        { reason: "WaitForFirstConsumer", message: "waiting for first consumer to be created before binding" },
        stage,
      );
    } else provision(claim, storage, stage);
    return undefined;
  },
};

function waits(claim: LiveObject, { reason, message }: { reason: string; message: string }, stage: Stage): void {
  const type = reason === "WaitForFirstConsumer" ? "Normal" : "Warning";
  stage.tell(claim, { type, reason, message, by: "persistentvolume-controller" });
}

function classOf(claim: LiveObject, { objects }: Stage): LiveObject | undefined {
  const spec = partOf(claim, "spec");
  const name = spec["storageClassName"];
  if (name === "") return undefined;
  if (typeof name === "string") return objects.get(CLASS, name);
  return objects.list(CLASS).find(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === "true");
}

function isUsed(claim: LiveObject, { objects }: Stage): boolean {
  const { name, namespace } = claim.metadata;
  return objects
    .list(core("Pod"))
    .filter(({ metadata }) => metadata.namespace === namespace)
    .some((pod) =>
      listOf(partOf(pod, "spec"), "volumes").some(
        (volume) => textOf(partOf(volume, "persistentVolumeClaim"), "claimName") === name,
      ),
    );
}

function provision(claim: LiveObject, storage: LiveObject, stage: Stage): void {
  const spec = partOf(claim, "spec");
  const { name, namespace = "", uid } = claim.metadata;
  const volume = `pvc-${uid}`;
  if (stage.objects.get(core("PersistentVolume"), volume) === undefined) {
    stage.objects.create(
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: volume, annotations: { "pv.kubernetes.io/provisioned-by": textOf(storage, "provisioner") } },
        spec: {
          capacity: capacityOf(claim),
          accessModes: spec["accessModes"] ?? [],
          persistentVolumeReclaimPolicy: textOf(storage, "reclaimPolicy") || "Delete",
          storageClassName: storage.metadata.name,
          volumeMode: spec["volumeMode"] ?? "Filesystem",
          hostPath: { path: `/sandbox/${volume}` },
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name, uid },
        },
      },
      MANAGER,
    );
    stage.tell(claim, {
      reason: "ProvisioningSucceeded",
      message: `Successfully provisioned volume ${volume}`,
      by: textOf(storage, "provisioner"),
    });
  }
  const named = { ...spec, volumeName: volume, storageClassName: storage.metadata.name };
  stage.objects.update({ ...claim, spec: named }, { manager: MANAGER });
}

function bind(claim: LiveObject, volume: string, stage: Stage): undefined {
  const found = stage.objects.get(core("PersistentVolume"), volume);
  const { accessModes = [] } = partOf(claim, "spec");
  if (found === undefined) return undefined;
  writeStatus(stage, claim, { phase: "Bound", accessModes, capacity: partOf(partOf(found, "spec"), "capacity") });
  writeStatus(stage, found, { ...partOf(found, "status"), phase: "Bound" });
  return undefined;
}

function capacityOf(claim: LiveObject): JsonObject {
  return { storage: partOf(partOf(partOf(claim, "spec"), "resources"), "requests")["storage"] ?? "1Gi" };
}

/** A volume that nobody claims is available; one whose claim is gone goes too, unless it is to be kept. */
export const volumes: Controller = {
  kind: core("PersistentVolume"),
  reconcile(volume, stage) {
    if (volume.metadata.deletionTimestamp !== undefined) return undefined;
    const spec = partOf(volume, "spec");
    const claimRef = partOf(spec, "claimRef");
    const status = partOf(volume, "status");
    if (textOf(claimRef, "name") === "") {
      writeStatus(stage, volume, { ...status, phase: "Available" });
      return undefined;
    }
    const claim = stage.objects.get(
      core("PersistentVolumeClaim"),
      textOf(claimRef, "name"),
      textOf(claimRef, "namespace"),
    );
    if (claim !== undefined || textOf(claimRef, "uid") === "") return undefined;
    if (spec["persistentVolumeReclaimPolicy"] === "Delete") stage.objects.remove(volume);
    else writeStatus(stage, volume, { ...status, phase: "Released" });
    return undefined;
  },
};

import type { KubeObject } from "../../model/index.ts";
import { type Controller, core, MANAGER, type Stage } from "./controller.ts";
import { stampOf } from "./fields.ts";

export const NODE = "sandbox";

/** Every Namespace has an account that its Pods run under, and the certificates that they trust. */
export const namespaces: Controller = {
  kind: core("Namespace"),
  reconcile(namespace, { objects }) {
    if (namespace.metadata.deletionTimestamp !== undefined) return undefined;
    const { name } = namespace.metadata;
    if (objects.get(core("ServiceAccount"), "default", name) === undefined) {
      objects.create(
        { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: name } },
        MANAGER,
      );
    }
    if (objects.get(core("ConfigMap"), "kube-root-ca.crt", name) === undefined) {
      const metadata = { name: "kube-root-ca.crt", namespace: name };
      objects.create({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": "" } }, MANAGER);
    }
    return undefined;
  },
};

/** A Node to run on, and a class of volumes. */
export function layFoundations(stage: Stage): void {
  const { objects } = stage;
  if (objects.get(core("Node"), NODE) === undefined) {
    const node = objects.create(nodeObject(), "kubelet");
    objects.update({ ...node, status: nodeStatus(stampOf(stage)) }, { manager: "kubelet", subresource: "status" });
  }
  if (objects.get({ group: "storage.k8s.io", kind: "StorageClass" }, "standard") === undefined)
    objects.create(standardClass(), MANAGER);
}

function nodeObject(): KubeObject {
  const labels = { "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
  return { apiVersion: "v1", kind: "Node", metadata: { name: NODE, labels }, spec: {} };
}

function nodeStatus(time: string) {
  const capacity = { cpu: "64", memory: "256Gi", pods: "10k" };
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "played by the sandbox",
    lastHeartbeatTime: time,
    lastTransitionTime: time,
  };
  const nodeInfo = {
    ...{
      machineID: "",
      systemUUID: "",
      bootID: "",
      kernelVersion: "",
      osImage: "sandbox",
      containerRuntimeVersion: "sandbox://1",
    },
    ...{ kubeletVersion: "v1.36.3", kubeProxyVersion: "", operatingSystem: "linux", architecture: "amd64" },
  };
  return {
    capacity,
    allocatable: capacity,
    conditions: [ready],
    addresses: [{ type: "InternalIP", address: "10.1.0.1" }],
    nodeInfo,
  };
}

function standardClass(): KubeObject {
  const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
  const metadata = { name: "standard", annotations };
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata,
    provisioner: "sandbox.plumbline.dev/volumes",
  };
}

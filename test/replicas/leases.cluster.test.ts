import { createCluster } from "../../src/cluster/index.ts";
import { SILENT } from "../../src/model/index.ts";
import { LeaseBoard } from "../../src/replicas/index.ts";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { boardContract } from "./board-contract.ts";
import { Held } from "./held.ts";

describeCluster("the board of Leases", () => {
  const namespaces = new Map<string, Promise<string>>();

  boardContract(async (fleet) => {
    const plane = sharedControlPlane();
    namespaces.set(fleet, namespaces.get(fleet) ?? plane.createNamespace("board"));
    const namespace = (await namespaces.get(fleet)) ?? "";
    const cluster = await createCluster({ kubeconfig: plane.kubeconfigPath, log: SILENT });
    const held = new Held();
    const slow: Pick<typeof cluster, "apply" | "get" | "list" | "resource" | "delete"> = {
      apply: (object, { signal, ...rest } = {}) => held.call(() => cluster.apply(object, rest), signal),
      get: (ref, signal) => cluster.get(ref, signal),
      list: (resource, options) => cluster.list(resource, options),
      resource: (kind, signal) => cluster.resource(kind, signal),
      delete: (ref, options) => cluster.delete(ref, options),
    };
    const board = new LeaseBoard({ cluster: slow, namespace, wall: Date.now });
    return { board, holdNext: () => held.holdNext(), close: () => cluster.close() };
  });
});

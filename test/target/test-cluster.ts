import { inject } from "vitest";
import {
  type ControlPlaneClient,
  sharedControlPlane,
  sharedControlPlaneWithControllers,
  startControlPlane,
} from "../controlplane/index.ts";
import { sandboxCluster, startSandboxCluster } from "./sandbox-cluster.ts";

/** What both can do. `token` and `caFile` are empty where nobody is asked who they are and there is no TLS. */
export type TestCluster = Pick<
  ControlPlaneClient,
  "auditEvents" | "caFile" | "createNamespace" | "kubeconfigPath" | "kubectl" | "requestCounts" | "server" | "token"
>;

declare module "vitest" {
  export interface ProvidedContext {
    target: "sandbox" | "cluster";
  }
}

/** The cluster of this project. With controllers: workloads roll out. */
export async function testCluster({ controllers = false } = {}): Promise<TestCluster> {
  if (inject("target") === "sandbox") return await sandboxCluster(controllers);
  return controllers ? await sharedControlPlaneWithControllers() : sharedControlPlane();
}

/** One that nobody else uses, with an audit log: requests may be counted, and objects without a namespace named at will. */
export async function ownCluster({ controllers = false } = {}): Promise<TestCluster & AsyncDisposable> {
  return inject("target") === "sandbox"
    ? await startSandboxCluster(controllers)
    : await startControlPlane({ auditLog: true, controllers });
}

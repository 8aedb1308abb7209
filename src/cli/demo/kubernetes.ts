import { join } from "node:path";
import { startSandbox } from "../../sandbox/index.ts";
import type { DemoSettings } from "../settings/demo.ts";
import { startControlPlane } from "./control-plane.ts";
import type { DemoKubernetes, DemoParts } from "./demo-parts.ts";
import { openPort } from "./open-port.ts";

/** The cluster of the demo. Errors: PL-LISTEN-TAKEN, PL-DEMO-CONTROL-PLANE. */
export async function startKubernetes(settings: DemoSettings, parts: DemoParts): Promise<DemoKubernetes> {
  if (settings.controlPlane) return await startControlPlane(parts);
  const { folder, cleanups } = parts;
  const kubeconfig = join(folder, "kubeconfig");
  const sandbox = await openPort(settings.kubePort, "--kube-port", (port) => startSandbox({ port }));
  cleanups.push(() => sandbox.stop());
  await sandbox.writeKubeconfig(kubeconfig);
  return { words: "a Kubernetes API in memory", url: sandbox.url, kubeconfig };
}

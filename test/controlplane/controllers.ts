import type { ControlPlaneAddress } from "./control-plane-client.ts";
import type { Launched } from "./launch.ts";
import { controllerManagerFlags, kwokFlags, schedulerFlags } from "./program-flags.ts";
import { type ProgramProcess, startProgram } from "./program-process.ts";
import { type ProgramName, programPath } from "./programs.ts";
import { waitUntilReady } from "./readiness.ts";
import { askServerJson } from "./server-request.ts";

const NODE_NAME = "node-0";
const ROOM = { cpu: "256", memory: "1Ti", pods: "10000" };
const NODE = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: NODE_NAME, labels: { "kubernetes.io/hostname": NODE_NAME, "kubernetes.io/os": "linux" } },
  status: { allocatable: ROOM, capacity: ROOM },
};

/** Starts controllers, scheduler and kwok, and resolves when the one Node takes Pods. */
export async function startControllers(launched: Launched, keep: (program: ProgramProcess) => void): Promise<void> {
  const { address, files, options } = launched;
  const start = async (name: ProgramName, args: readonly string[]) => {
    const program = await startProgram({ name, path: programPath(options.programs, name), args, dir: files.dir });
    keep(program);
    return program;
  };
  await start("kube-controller-manager", controllerManagerFlags(files, kubeconfigOf(address, "controller-manager")));
  await start("kube-scheduler", schedulerFlags(kubeconfigOf(address, "scheduler")));
  const stages = programPath(options.programs, "kwok-stages.yaml");
  const kwok = await start("kwok", kwokFlags(kubeconfigOf(address, "kwok"), stages));

  await askServerJson(address, "/api/v1/nodes", NODE);
  await waitUntilReady(kwok, () => nodeTakesPods(address));
}

/** kwok makes the Node ready; then the node controller has to take the not-ready taint off, which admission put on. */
async function nodeTakesPods(address: ControlPlaneAddress): Promise<boolean> {
  const node = JSON.stringify(await askServerJson(address, `/api/v1/nodes/${NODE_NAME}`));
  return /"type":"Ready","status":"True"|"status":"True"[^{}]*"type":"Ready"/.test(node) && !node.includes('"taints"');
}

function kubeconfigOf(address: ControlPlaneAddress, user: string): string {
  return address.users[user]?.kubeconfigPath ?? address.kubeconfigPath;
}

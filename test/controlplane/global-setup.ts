import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { TestProject } from "vitest/node";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import type { ControlPlaneAddress } from "./control-plane-client.ts";
import { type Availability, controlPlaneAvailability } from "./programs.ts";

/** Vitest runs this once, before the first test file of the project `cluster`, and the returned function after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const availability = tell(controlPlaneAvailability());
  if (!availability.available) {
    project.provide("controlPlane", availability);
    return async () => undefined;
  }
  const withControllers = tell(controlPlaneAvailability({ controllers: true }));
  const plane = await startControlPlane({ auditLog: true });
  const lazy = await serveControllersOnDemand();
  const controllers = { ...withControllers, url: lazy.url };
  project.provide("controlPlane", { available: true, address: addressOf(plane), controllers });
  return async () => {
    await Promise.all([lazy.stop(), plane.stop()]);
  };
}

/** Says what will be skipped, and why. A build machine that silently tests less must fail instead. */
function tell(availability: Availability): Availability {
  if (availability.available) return availability;
  const { reason } = availability;
  if (process.env["CI"] === "true") throw new Error(`tests on the real control plane cannot run: ${reason}`);
  process.stderr.write(`controlplane: tests on the real control plane are skipped: ${reason}\n`);
  return availability;
}

interface OnDemandPage {
  readonly url: string;
  stop(): Promise<void>;
}

/** A loopback page whose first reader has a control plane with controllers started, and all readers get its address. */
async function serveControllersOnDemand(): Promise<OnDemandPage> {
  let starting: Promise<ControlPlane> | undefined;
  const server = createServer((_, response) => {
    starting ??= startControlPlane({ controllers: true, auditLog: true });
    starting.then(
      (plane) => response.end(JSON.stringify(addressOf(plane))),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  const url = await listen(server);
  return {
    url,
    async stop() {
      server.close();
      server.closeAllConnections();
      // A start that failed was reported to whoever asked for it.
      const plane = await starting?.catch(() => undefined);
      await plane?.stop();
    },
  };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the page has no port");
  return `http://127.0.0.1:${address.port}/`;
}

/** Only the data: functions cannot be sent to the test processes. */
function addressOf(plane: ControlPlane): ControlPlaneAddress {
  const { server, token, caFile, kubeconfigPath, dir, etcdEndpoint, kubectlPath, auditLog, users } = plane;
  return { server, token, caFile, kubeconfigPath, dir, etcdEndpoint, kubectlPath, auditLog, users };
}

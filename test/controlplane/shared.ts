import { inject } from "vitest";
import { type ControlPlaneAddress, type ControlPlaneClient, connectTo } from "./control-plane-client.ts";

/** What global-setup.ts hands from the run's main process to the test processes. */
type SharedControlPlanes =
  | { readonly available: true; readonly address: ControlPlaneAddress; readonly controllers: OnDemand }
  | { readonly available: false; readonly reason: string };

/** The page that starts the other control plane, or why there can be none. */
type OnDemand =
  | { readonly available: true; readonly url: string }
  | { readonly available: false; readonly reason: string };

declare module "vitest" {
  export interface ProvidedContext {
    controlPlane: SharedControlPlanes;
  }
}

/**
 * The one control plane (etcd and API server, with an audit log) that all test files of a run share. Use a namespace of
 * your own and unique names for what has no namespace; do not count requests of others, and do not break it.
 */
export function sharedControlPlane(): ControlPlaneClient {
  return connectTo(present().address);
}

/** As sharedControlPlane, but another one, where workloads roll out: started when the first test of the run asks for it. */
export async function sharedControlPlaneWithControllers(): Promise<ControlPlaneClient> {
  const { controllers } = present();
  if (!controllers.available) throw new Error(controllers.reason);
  const answer = await fetch(controllers.url);
  if (!answer.ok) throw new Error(await answer.text());
  // The sender is global-setup.ts of this run.
  return connectTo(JSON.parse(await answer.text()));
}

function present(): Extract<SharedControlPlanes, { available: true }> {
  const shared = inject("controlPlane");
  if (!shared.available) throw new Error(shared.reason);
  return shared;
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import type { SandboxOptions } from "../../../src/sandbox/index.ts";
import {
  type ControlPlane,
  type ControlPlaneClient,
  sharedControlPlane,
  sharedControlPlaneWithControllers,
  startControlPlane,
} from "../../controlplane/index.ts";
import type { Theme } from "./scenario.ts";

/** An API that scenarios are played to. */
export interface Target extends AsyncDisposable {
  readonly url: string;
  /** undefined: nobody is asked who they are, and there is no TLS. */
  readonly token: string | undefined;
  readonly caFile: string | undefined;
  readonly kubeconfigPath: string;
  /** See FORGET. */
  forget(): Promise<void>;
}

export async function openTarget(theme: Theme): Promise<Target> {
  if (inject("target") === "sandbox") return await openSandbox({ controllers: theme.controllers ?? false });
  if (theme.alone) return ownPlane(await startControlPlane());
  return realTarget(theme.controllers ? await sharedControlPlaneWithControllers() : sharedControlPlane());
}

async function openSandbox(options: SandboxOptions): Promise<Target> {
  const dir = mkdtempSync(join(tmpdir(), "plumb-contract-"));
  // Not needed where the real server is asked.
  const { startSandbox } = await import("../../../src/sandbox/index.ts");
  const sandbox = await startSandbox(options);
  const kubeconfigPath = join(dir, "kubeconfig");
  await sandbox.writeKubeconfig(kubeconfigPath);
  return {
    url: sandbox.url,
    token: undefined,
    caFile: undefined,
    kubeconfigPath,
    forget: async () => sandbox.compact(),
    [Symbol.asyncDispose]: async () => {
      await sandbox.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function realTarget({ server, token, caFile, kubeconfigPath }: ControlPlaneClient): Target {
  const forget = () => Promise.reject(new Error("a theme that forgets needs a control plane of its own"));
  return { url: server, token, caFile, kubeconfigPath, forget, [Symbol.asyncDispose]: async () => undefined };
}

/** The watch cache would still answer from what it remembers: only a new start has it forget. */
function ownPlane(plane: ControlPlane): Target {
  return {
    ...realTarget(plane),
    forget: async () => {
      await plane.compactEtcd();
      await plane.killApiserver();
      await plane.startApiserver();
    },
    [Symbol.asyncDispose]: () => plane.stop(),
  };
}

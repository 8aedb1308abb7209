import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../../src/sandbox/index.ts";
import {
  type AuditEvent,
  type AuditFilter,
  matchesAudit,
  type RequestCount,
  runKubectl,
} from "../controlplane/index.ts";
import { auditEventOf, countOf, type Seen } from "./seen-requests.ts";
import type { TestCluster } from "./test-cluster.ts";

let running: Promise<TestCluster & AsyncDisposable> | undefined;

export function isKubectlThere(): boolean {
  return spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).error === undefined;
}

/** The sandbox of this test file. */
export async function sandboxCluster(): Promise<TestCluster> {
  running ??= startSandboxCluster();
  return await running;
}

export async function stopSandboxCluster(): Promise<void> {
  const ending = running;
  running = undefined;
  await (await ending)?.[Symbol.asyncDispose]();
}

export async function startSandboxCluster(): Promise<TestCluster & AsyncDisposable> {
  const dir = mkdtempSync(join(tmpdir(), "plumb-sandbox-"));
  const seen: Seen[] = [];
  const sandbox = await startSandbox({
    onRequest: (request) => seen.push({ ...request, at: new Date().toISOString() }),
  });
  const kubeconfigPath = join(dir, "kubeconfig");
  await sandbox.writeKubeconfig(kubeconfigPath);
  return {
    server: sandbox.url,
    token: "",
    caFile: "",
    kubeconfigPath,
    kubectl: (args, input) => runKubectl({ path: "kubectl", kubeconfig: kubeconfigPath, dir, args, input }),
    createNamespace: (prefix) => createNamespace(sandbox.url, prefix),
    requestCounts: async (): Promise<readonly RequestCount[]> => seen.map(countOf),
    auditEvents: async (filter: AuditFilter = {}): Promise<readonly AuditEvent[]> =>
      seen.map(auditEventOf).filter((event) => matchesAudit(event, filter)),
    [Symbol.asyncDispose]: async () => {
      await sandbox.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function createNamespace(url: string, prefix = "test"): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString("hex")}`;
  const answer = await fetch(`${url}/api/v1/namespaces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
  return name;
}

import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SeenRequest, startSandbox } from "../../src/sandbox/index.ts";
import {
  type AuditEvent,
  type AuditFilter,
  matchesAudit,
  type RequestCount,
  runKubectl,
} from "../controlplane/index.ts";
import { auditEventOf, countOf, type Seen } from "./seen-requests.ts";
import type { TestCluster } from "./test-cluster.ts";

type Running = Promise<TestCluster & AsyncDisposable>;

/** Of this test file: one with controllers and one without, as the real ones are. */
const running = new Map<boolean, Running>();

export function isKubectlThere(): boolean {
  return spawnSync("kubectl", ["version", "--client"], { stdio: "ignore" }).error === undefined;
}

/** The sandbox of this test file. */
export async function sandboxCluster(controllers: boolean): Promise<TestCluster> {
  const found = running.get(controllers) ?? startSandboxCluster(controllers);
  running.set(controllers, found);
  return await found;
}

export async function stopSandboxCluster(): Promise<void> {
  const ending = [...running.values()];
  running.clear();
  for (const one of ending) await (await one)[Symbol.asyncDispose]();
}

export async function startSandboxCluster(controllers: boolean): Running {
  const dir = mkdtempSync(join(tmpdir(), "plumb-sandbox-"));
  const seen: Seen[] = [];
  const onRequest = (request: SeenRequest) => seen.push({ ...request, at: new Date().toISOString() });
  const sandbox = await startSandbox({ controllers, onRequest });
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

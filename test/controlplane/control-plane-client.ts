import { randomBytes } from "node:crypto";
import { type AuditEvent, type AuditFilter, readAuditEvents } from "./audit-events.ts";
import type { UserAccess } from "./credentials.ts";
import { compactEtcd } from "./etcd.ts";
import { type KubectlResult, runKubectl } from "./kubectl.ts";
import { parseRequestCounts, type RequestCount } from "./request-counts.ts";
import { askServer, askServerJson } from "./server-request.ts";

/** Where a running control plane is: plain data, which may be sent to another process. */
export interface ControlPlaneAddress {
  /** https://127.0.0.1:PORT */
  readonly server: string;
  readonly token: string;
  readonly caFile: string;
  /** Of the user `admin`. */
  readonly kubeconfigPath: string;
  readonly dir: string;
  /** http://127.0.0.1:PORT, without TLS or password. */
  readonly etcdEndpoint: string;
  readonly kubectlPath: string;
  readonly auditLog: string | undefined;
  readonly users: Readonly<Record<string, UserAccess>>;
}

/**
 * What a test may ask of a control plane that others use, too.
 * Without controllers the ClusterRoles admin, edit and view stay empty (their aggregation is a controller's work).
 */
export interface ControlPlaneClient extends ControlPlaneAddress {
  /** Runs the kubectl of the same version as `admin`, or as `user`, with `input` on its stdin. Never throws for its exit code. */
  kubectl(args: readonly string[], input?: string, user?: string): Promise<KubectlResult>;
  /** Creates a namespace with a name of its own and returns the name. Without controllers a namespace never goes away. */
  createNamespace(prefix?: string): Promise<string>;
  /** The text of GET /metrics. */
  metrics(): Promise<string>;
  requestCounts(): Promise<readonly RequestCount[]>;
  /** Needs the option auditLog. */
  auditEvents(filter?: AuditFilter): Promise<readonly AuditEvent[]>;
  /** Kubeconfig of a user of tokens.csv: admin, plumbline, reader, stranger, onlooker, and those of the option `users`. */
  userKubeconfig(name: string): string;
  /** Forgets every older revision in etcd, which makes the server answer 410 to watches and pages that start from one. */
  compactEtcd(): Promise<void>;
}

export function connectTo(address: ControlPlaneAddress): ControlPlaneClient {
  const metrics = () => readMetrics(address);
  return {
    ...address,
    kubectl: (args, input, user = "admin") =>
      runKubectl({
        path: address.kubectlPath,
        kubeconfig: accessOf(address, user).kubeconfigPath,
        dir: address.dir,
        args,
        input,
      }),
    createNamespace: (prefix = "test") => createNamespace(address, prefix),
    metrics,
    requestCounts: async () => parseRequestCounts(await metrics()),
    auditEvents: (filter) => readAuditEvents(auditLogOf(address), filter),
    userKubeconfig: (name) => accessOf(address, name).kubeconfigPath,
    compactEtcd: () => compactEtcd(address.etcdEndpoint),
  };
}

async function readMetrics(address: ControlPlaneAddress): Promise<string> {
  const { status, body } = await askServer(address, "/metrics");
  if (status !== 200) throw new Error(`/metrics: ${status} ${body}`);
  return body;
}

async function createNamespace(address: ControlPlaneAddress, prefix: string): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString("hex")}`;
  await askServerJson(address, "/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  return name;
}

function accessOf(address: ControlPlaneAddress, user: string): UserAccess {
  const access = address.users[user];
  if (access === undefined) throw new Error(`no user ${user}: there are ${Object.keys(address.users).join(", ")}`);
  return access;
}

function auditLogOf(address: ControlPlaneAddress): string {
  if (address.auditLog === undefined) throw new Error("this control plane was started without { auditLog: true }");
  return address.auditLog;
}

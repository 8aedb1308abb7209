import type { Files } from "./credentials.ts";

export interface Ports {
  readonly apiserver: number;
  readonly etcd: number;
  readonly etcdPeer: number;
}

const LOOPBACK = "127.0.0.1";

export function loopbackUrl(scheme: "http" | "https", port: number): string {
  return `${scheme}://${LOOPBACK}:${port}`;
}

/** Fsync is off: the data has to outlive the API server, never the machine. */
export function etcdFlags(files: Files, ports: Ports): string[] {
  const client = loopbackUrl("http", ports.etcd);
  const peer = loopbackUrl("http", ports.etcdPeer);
  return [
    `--data-dir=${files.dir}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The defaults of 100 and 1,000 ms are for networks. They would be a third of the whole start here.
    "--heartbeat-interval=20",
    "--election-timeout=200",
    "--log-level=warn",
    "--unsafe-no-fsync",
  ];
}

export function apiserverFlags(files: Files, ports: Ports, auditLog: boolean): string[] {
  const audit = [
    `--audit-policy-file=${files.auditPolicy}`,
    `--audit-log-path=${files.auditLog}`,
    "--audit-log-maxsize=1000",
  ];
  return [
    `--etcd-servers=${loopbackUrl("http", ports.etcd)}`,
    `--secure-port=${ports.apiserver}`,
    `--bind-address=${LOOPBACK}`,
    // Else the server looks for an address other hosts could reach, and ends on a machine that has none. Nobody but
    // this machine connects, so the endpoints of the Service `kubernetes` are not kept either.
    `--advertise-address=${LOOPBACK}`,
    "--endpoint-reconciler-type=none",
    `--cert-dir=${files.certificates}`,
    "--service-account-issuer=https://localhost",
    `--service-account-key-file=${files.verifyingKey}`,
    `--service-account-signing-key-file=${files.signingKey}`,
    `--token-auth-file=${files.tokens}`,
    "--authorization-mode=RBAC",
    "--service-cluster-ip-range=10.0.0.0/16",
    // Without controllers nobody creates the default ServiceAccount that this admission plugin waits for.
    "--disable-admission-plugins=ServiceAccount",
    "--allow-privileged=true",
    ...(auditLog ? audit : []),
  ];
}

/** Port 0 means no server at all: several control planes run side by side, and nobody asks the controllers anything. */
export function controllerManagerFlags(files: Files, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--secure-port=0",
    `--service-account-private-key-file=${files.signingKey}`,
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    // kwok's heartbeats may be late on a busy machine, and a node that is called away takes the readiness of all its Pods along.
    "--node-monitor-grace-period=1h",
  ];
}

export function schedulerFlags(kubeconfig: string): string[] {
  return [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
}

export function kwokFlags(kubeconfig: string, stages: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    `--config=${stages}`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    "--cidr=10.244.0.0/16",
    "--node-ip=10.0.0.1",
  ];
}

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

export interface UserAccess {
  readonly token: string;
  readonly kubeconfigPath: string;
}

const ALL_RIGHTS = ["system:masters"];

/** Users of every control plane. Each controller has its own name, so that the audit log tells them from the tests. */
const USERS: readonly User[] = [
  { name: "admin", groups: ALL_RIGHTS },
  { name: "controller-manager", groups: ALL_RIGHTS },
  { name: "scheduler", groups: ALL_RIGHTS },
  { name: "kwok", groups: ALL_RIGHTS },
  // Without rights until a test binds them to a role.
  { name: "plumbline", groups: [] },
  { name: "landlord", groups: [] },
  { name: "reader", groups: [] },
  { name: "stranger", groups: [] },
  { name: "onlooker", groups: [] },
];

const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  // One line a request, written when it has been answered. A watch also has a line for its start.
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};

/** Paths, in a control plane's folder, of what its programs read. */
export interface Files {
  readonly dir: string;
  readonly tokens: string;
  readonly signingKey: string;
  readonly verifyingKey: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  readonly certificates: string;
  /** The API server writes it: its own certificate, with the authority that signed it. */
  readonly caFile: string;
}

export function filesIn(dir: string): Files {
  const at = (...names: string[]) => join(dir, ...names);
  return {
    dir,
    tokens: at("tokens.csv"),
    signingKey: at("sa.key"),
    verifyingKey: at("sa.pub"),
    auditPolicy: at("audit-policy.json"),
    auditLog: at("audit.log"),
    certificates: at("certs"),
    caFile: at("certs", "apiserver.crt"),
  };
}

/** Writes keys, tokens, the audit policy and one kubeconfig a user; returns the users' access by name. */
export async function writeFiles(
  files: Files,
  server: string,
  extra: readonly User[],
): Promise<Record<string, UserAccess>> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  await mkdir(files.certificates);
  await writeSecret(files.signingKey, privateKey.export({ type: "pkcs8", format: "pem" }).toString());
  await writeFile(files.verifyingKey, publicKey.export({ type: "spki", format: "pem" }).toString());
  await writeFile(files.auditPolicy, JSON.stringify(AUDIT_POLICY));

  const access: Record<string, UserAccess> = {};
  const lines: string[] = [];
  for (const user of [...USERS, ...extra]) {
    const token = randomBytes(16).toString("hex");
    const kubeconfigPath = join(files.dir, `kubeconfig-${user.name}`);
    access[user.name] = { token, kubeconfigPath };
    lines.push(`${token},${user.name},uid-${user.name},"${user.groups.join(",")}"`);
    await writeSecret(
      kubeconfigPath,
      JSON.stringify(kubeconfig({ server, caFile: files.caFile, user: user.name, token }), null, 2),
    );
  }
  await writeSecret(files.tokens, `${lines.join("\n")}\n`);
  return access;
}

function writeSecret(path: string, text: string): Promise<void> {
  return writeFile(path, text, { mode: 0o600 });
}

interface KubeconfigOptions {
  readonly server: string;
  readonly caFile: string;
  readonly user: string;
  readonly token: string;
}

/** A kubeconfig with one context. JSON is YAML, so no printer is needed. */
function kubeconfig({ server, caFile, user, token }: KubeconfigOptions): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user } }],
    clusters: [{ name: "test", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name: user, user: { token } }],
  };
}

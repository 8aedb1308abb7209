import { chmod, writeFile } from "node:fs/promises";
import { startControllers } from "./controllers/index.ts";
import { closeServer, listenOnLoopback } from "./git/index.ts";
import { createApiServer, type SeenRequest } from "./kubernetes/http/api-server.ts";
import { createMachine } from "./kubernetes/index.ts";
import { objectAccess } from "./kubernetes/verbs/object-access.ts";

export interface SandboxOptions {
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** Whether workloads roll out; default true. */
  readonly controllers?: boolean;
  /** Milliseconds between two visible steps of a Pod; default 200. */
  readonly pace?: number;
  /** Is called after each answer. */
  readonly onRequest?: (request: SeenRequest) => void;
}

export interface Sandbox {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  /** YAML. */
  readonly kubeconfig: string;
  writeKubeconfig(path: string): Promise<void>;
  /** Forgets the writes so far, as etcd's compaction does: watches from before them are told 410. */
  compact(): void;
  /** Ends every watch, and frees the port. */
  stop(): Promise<void>;
}

/** Starts an in-memory Kubernetes API on loopback. Errors: those of listen (EADDRINUSE) as they come. */
export async function startSandbox({
  port = 0,
  controllers = true,
  pace = 200,
  onRequest,
}: SandboxOptions = {}): Promise<Sandbox> {
  const { machine, stop } = createMachine({ now: Date.now });
  const server = createApiServer(machine, onRequest === undefined ? {} : { onRequest });
  const url = `http://127.0.0.1:${await listenOnLoopback(server, port)}`;
  const player = controllers ? startControllers({ objects: objectAccess(machine), now: machine.now, pace }) : undefined;
  const kubeconfig = kubeconfigFor(url);
  return {
    url,
    kubeconfig,
    writeKubeconfig: async (path) => {
      await writeFile(path, kubeconfig, { mode: 0o600 });
      await chmod(path, 0o600);
    },
    compact: () => {
      machine.store.compact();
      machine.lists.forget();
    },
    stop: async () => {
      await player?.stop();
      stop();
      await closeServer(server);
    },
  };
}

/** Nobody is asked who they are: it listens on loopback, and holds nothing that is worth anything. */
function kubeconfigFor(url: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    user: sandbox
current-context: sandbox
users:
- name: sandbox
  user: {}
`;
}

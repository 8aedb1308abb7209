import { ensurePrograms } from "./build.ts";
import { type ControlPlaneClient, connectTo } from "./control-plane-client.ts";
import type { User } from "./credentials.ts";
import { endAll, killProgram, type Launched, type LaunchOptions, launch, startApiserver, startEtcd } from "./launch.ts";
import { ProgramFailed } from "./program-process.ts";

export interface ControlPlaneOptions {
  /** Also run kube-controller-manager, kube-scheduler and kwok with one Node, so that workloads roll out. Default false. */
  readonly controllers?: boolean;
  /** Write an audit log at level Metadata, for auditEvents(). Default false. */
  readonly auditLog?: boolean;
  /** More users than the built-in ones, with their groups. */
  readonly users?: readonly User[];
}

/** A control plane of one's own, which may be broken in any way. */
export interface ControlPlane extends ControlPlaneClient {
  /** Ends every process and removes the folder. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process has ended. */
  killApiserver(): Promise<void>;
  /** Starts it again on the same port with the same data; resolves when it is ready. */
  startApiserver(): Promise<void>;
  /** As killApiserver. The API server lives on, and answers with errors what it has to ask etcd for. */
  killEtcd(): Promise<void>;
  /** On the same ports with the same data; resolves when it can be used again. */
  startEtcd(): Promise<void>;
  /** The processes that run now, by program name. */
  pids(): Readonly<Record<string, number>>;
  [Symbol.asyncDispose](): Promise<void>;
}

// A port that was free may be taken before the program has it. Any early end counts: the cause stands only in log text.
const TRIES = 3;

/**
 * Starts a control plane on free loopback ports, in 2 to 3 s, with controllers in 3 to 5 s; the programs are built first
 * where they are missing. It ends with stop(), and by itself when this process ends in any way, SIGKILL included.
 * Throws when nothing can be built here (see controlPlaneAvailability), and with the end of its log when a program fails.
 */
export async function startControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const { controllers = false, auditLog = false, users = [] } = options;
  const programs = await ensurePrograms({ controllers });
  return controlPlaneOf(await launchPatiently({ programs, controllers, auditLog, users, detached: false }));
}

/** launch(), tried again with other ports when a program ends before it is ready. */
export async function launchPatiently(options: LaunchOptions): Promise<Launched> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(options);
    } catch (error) {
      if (!(error instanceof ProgramFailed) || attempt === TRIES) throw error;
    }
  }
}

function controlPlaneOf(launched: Launched): ControlPlane {
  const stop = () => endAll(launched);
  return {
    ...connectTo(launched.address),
    stop,
    killApiserver: () => killProgram(launched, "kube-apiserver"),
    startApiserver: () => startApiserver(launched),
    killEtcd: () => killProgram(launched, "etcd"),
    startEtcd: () => startEtcd(launched),
    pids: () => Object.fromEntries([...launched.running].map(([name, { pid }]) => [name, pid])),
    [Symbol.asyncDispose]: stop,
  };
}

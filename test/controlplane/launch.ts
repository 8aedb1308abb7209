import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ControlPlaneAddress } from "./control-plane-client.ts";
import { startControllers } from "./controllers.ts";
import { type Files, filesIn, type User, writeFiles } from "./credentials.ts";
import { etcdIsReady } from "./etcd.ts";
import { type Keeper, startKeeper } from "./keeper.ts";
import { freePorts } from "./ports.ts";
import { apiserverFlags, etcdFlags, loopbackUrl, type Ports } from "./program-flags.ts";
import { type ProgramProcess, startProgram } from "./program-process.ts";
import { type Programs, programPath } from "./programs.ts";
import { apiserverIsReady, waitUntilReady } from "./readiness.ts";

export interface LaunchOptions {
  readonly programs: Programs;
  readonly controllers: boolean;
  readonly auditLog: boolean;
  readonly users: readonly User[];
  /** True: no keeper, the programs outlive this process. */
  readonly detached: boolean;
  /** Folder in which the control plane's own folder is made. Default: the system's temporary folder. */
  readonly parent?: string;
}

/** A control plane's processes and all that is needed to start one of them again. */
export interface Launched {
  readonly address: ControlPlaneAddress;
  readonly files: Files;
  readonly ports: Ports;
  readonly options: LaunchOptions;
  readonly keeper: Keeper | undefined;
  readonly running: Map<string, ProgramProcess>;
}

/** Starts the programs one after the other, each when it can use the one before. What was started is ended on failure. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const launched = await prepare(options);
  try {
    await startEtcd(launched);
    await startApiserver(launched);
    if (options.controllers) await startControllers(launched, (program) => keep(launched, program));
    return launched;
  } catch (error) {
    await endAll(launched);
    throw error;
  }
}

async function prepare(options: LaunchOptions): Promise<Launched> {
  const parent = options.parent ?? tmpdir();
  await mkdir(parent, { recursive: true });
  const files = filesIn(await mkdtemp(join(parent, "plumbline-controlplane-")));
  const keeper = options.detached ? undefined : startKeeper(files.dir);
  const [apiserver = 0, etcd = 0, etcdPeer = 0] = await freePorts(3);
  const ports = { apiserver, etcd, etcdPeer };
  const address = await writeAddress(files, ports, options);
  return { address, files, ports, options, keeper, running: new Map() };
}

async function writeAddress(files: Files, ports: Ports, options: LaunchOptions): Promise<ControlPlaneAddress> {
  const server = loopbackUrl("https", ports.apiserver);
  const users = await writeFiles(files, server, options.users);
  const admin = users["admin"];
  if (admin === undefined) throw new Error("there is no user admin");
  return {
    server,
    ...admin,
    caFile: files.caFile,
    dir: files.dir,
    etcdEndpoint: loopbackUrl("http", ports.etcd),
    kubectlPath: programPath(options.programs, "kubectl"),
    auditLog: options.auditLog ? files.auditLog : undefined,
    users,
  };
}

/** Resolves when it has a leader. */
export async function startEtcd(launched: Launched): Promise<void> {
  const { files, ports, options, address } = launched;
  const args = etcdFlags(files, ports);
  const etcd = await startProgram({ name: "etcd", path: programPath(options.programs, "etcd"), args, dir: files.dir });
  keep(launched, etcd);
  await waitUntilReady(etcd, () => etcdIsReady(address.etcdEndpoint));
}

/** Resolves when the server is ready to be used. */
export async function startApiserver(launched: Launched): Promise<void> {
  const { files, ports, options, address } = launched;
  const args = apiserverFlags(files, ports, options.auditLog);
  const path = programPath(options.programs, "kube-apiserver");
  const apiserver = await startProgram({ name: "kube-apiserver", path, args, dir: files.dir });
  keep(launched, apiserver);
  await waitUntilReady(apiserver, () => apiserverIsReady(address));
}

function keep({ running, keeper }: Launched, program: ProgramProcess): void {
  running.set(program.name, program);
  keeper?.guard([...running.values()].map(({ pid }) => pid));
}

export async function killProgram({ running, keeper }: Launched, name: string): Promise<void> {
  await running.get(name)?.kill();
  running.delete(name);
  keeper?.guard([...running.values()].map(({ pid }) => pid));
}

/** Ends every program and removes the folder. Once more does nothing. */
export async function endAll({ running, files, keeper }: Launched): Promise<void> {
  await Promise.all([...running.values()].map((program) => program.kill()));
  running.clear();
  await rm(files.dir, { recursive: true, force: true, maxRetries: 5 });
  await keeper?.release();
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ControlPlane, startControlPlane } from "../controlplane/index.ts";
import { Plumbline } from "../e2e/plumbline.ts";
import { startWriteGate, type WriteGate } from "../e2e/write-gate.ts";
import { type GitRepository, type GitServer, startGitServer } from "../git-server/index.ts";
import { startTcpProxy, type TcpProxy } from "../tcp-proxy/index.ts";
import { applicationDocuments, clusterApplication } from "./applications.ts";
import { mountSmallDisk, type SmallDisk } from "./data-folder.ts";
import { Direct } from "./direct.ts";
import type { Garden } from "./garden.ts";
import { INVENTORY } from "./judge/converged.ts";

export interface StageOptions {
  /** Also an application that is a chart: needs the renderer. */
  readonly chart: boolean;
  readonly say: (line: string) => void;
}

/** Who did what, in the audit log. */
export const PLUMB = "soak-plumb";
const HAND = "soak-hand";
const CRD = join(import.meta.dirname, "../../manifests/deploy/crd.yaml");
const COMPILED = join(import.meta.dirname, "../../node_modules/.cache/node-compile");
const CLOCK_MODULE = join(import.meta.dirname, "clock-jump.mjs");

/** Everything that runs: a control plane, the faulty way to it, a Git server, and `plumb serve` between them, not yet started. */
export interface Stage extends AsyncDisposable {
  readonly options: StageOptions;
  readonly plane: ControlPlane;
  readonly direct: Direct;
  readonly gate: WriteGate;
  readonly proxy: TcpProxy;
  readonly git: GitServer;
  readonly repository: GitRepository;
  readonly plumbline: Plumbline;
  /** undefined: there is none here. */
  readonly disk: SmallDisk | undefined;
  /** Asked in turn what becomes of a request on Plumbline's way to the API server; what they say is put together. */
  readonly treatments: Set<WriteGate["treat"]>;
  /** Sets the wall clock of `plumb serve`, the running one and those to come, so many milliseconds off. */
  setClock(offset: number): void;
}

export async function openStage(garden: Garden, options: StageOptions): Promise<Stage> {
  const cleanups = new AsyncDisposableStack();
  const groups = ["system:masters"];
  const users = [PLUMB, HAND].map((name) => ({ name, groups }));
  const plane = cleanups.use(await startControlPlane({ auditLog: true, controllers: true, users }));
  const tokenOf = (user: string): string => plane.users[user]?.token ?? "";
  const direct = new Direct({ ...plane, token: tokenOf(HAND) });
  cleanups.defer(() => direct.close());
  const gate = await startWriteGate(plane);
  const treatments = new Set<WriteGate["treat"]>();
  gate.treat = (seen) => Object.assign({}, ...[...treatments].map((treat) => treat(seen)));
  cleanups.defer(() => gate.stop());
  const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(gate.url).port) });
  cleanups.defer(() => proxy.close());
  const git = await startGitServer();
  cleanups.defer(() => git.stop());
  const repository = await git.createRepository("apps", garden.files());
  const clock = join(plane.dir, "soak-clock");
  writeFileSync(clock, "0");
  const plumbline = new Plumbline({
    kubeconfigPath: plane.kubeconfigPath,
    through: { url: `http://127.0.0.1:${proxy.port}`, token: tokenOf(PLUMB) },
    applications: applicationDocuments({ repo: repository.url, chart: options.chart }),
    // The more it logs, the more it could show.
    args: ["--inventory-namespace", INVENTORY, "--log-level", "debug"],
    env: { NODE_OPTIONS: `--import=${CLOCK_MODULE}`, SOAK_CLOCK: clock, NODE_COMPILE_CACHE: COMPILED },
  });
  const disk = mountSmallDisk(join(plumbline.dir, "data"), options.say);
  cleanups.defer(async () => {
    await plumbline.kill();
    disk?.unmount();
    await plumbline[Symbol.asyncDispose]();
  });
  await declareInCluster(plane, clusterApplication(repository.url));
  const setClock = (offset: number): void => {
    writeFileSync(clock, String(offset));
    if (plumbline.isRunning && plumbline.pid !== undefined) process.kill(plumbline.pid, "SIGUSR2");
  };
  return {
    ...{ options, plane, direct, gate, treatments, proxy, git, repository, plumbline, disk, setClock },
    [Symbol.asyncDispose]: () => cleanups.disposeAsync(),
  };
}

/** The definition of Applications, and one as an object: its status is written by Plumbline. */
async function declareInCluster({ kubectl }: ControlPlane, application: object): Promise<void> {
  const run = async (args: readonly string[], input?: string): Promise<void> => {
    const { code, stderr } = await kubectl(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
  };
  await run(["apply", "-f", CRD]);
  await run(["wait", "--for=condition=Established", "crd/applications.plumbline.dev", "--timeout=30s"]);
  await run(["create", "namespace", "team"]);
  await run(["apply", "-f", "-"], JSON.stringify(application));
}

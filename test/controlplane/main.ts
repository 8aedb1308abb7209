import { parseArgs } from "node:util";
import { buildAll, ensurePrograms } from "./build.ts";
import { startControlPlane } from "./control-plane.ts";
import { controlPlaneAvailability } from "./programs.ts";
import { terminalProgress } from "./progress.ts";
import { bringDown, bringUp, readStanding } from "./standing.ts";
import { VOLUMES } from "./volumes.ts";

const USAGE = `usage: npm run controlplane -- COMMAND
  build              build etcd, Kubernetes and kwok into the cache (once, some minutes)
  up [--controllers] start a control plane that stays, and print the path of its kubeconfig;
                     with --controllers Deployments roll out, on one pretended Node
  run [--controllers] the same, until its input ends or ^C; says where it is as a line of JSON
  status             say whether one is up
  down               end it and remove its data
`;

const COMMANDS: Readonly<Record<string, (controllers: boolean) => Promise<number>>> = { build, up, run, status, down };

process.exitCode = await main(process.argv.slice(2));
// A build that `run` no longer waits for would go on.
if (process.exitCode === 130) process.exit();

async function main(args: string[]): Promise<number> {
  // Not strict: an option that is unknown gets the usage text, like a command that is.
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    strict: false,
    options: { controllers: { type: "boolean" } },
  });
  const { controllers = false, ...others } = values;
  const command = COMMANDS[positionals[0] ?? ""];
  if (command === undefined || positionals.length > 1 || Object.keys(others).length > 0) {
    process.stderr.write(USAGE);
    return "help" in others ? 0 : 2;
  }
  return command(controllers === true);
}

async function build(): Promise<number> {
  print(await buildAll(terminalProgress()));
  return 0;
}

async function up(controllers: boolean): Promise<number> {
  if (!isAvailable(controllers)) return 3;
  const progress = terminalProgress();
  const present = await readStanding();
  if (present !== undefined) {
    progress.say(`one is up already, with ${present.kubeconfigPath}; end it with "down"`);
    return 3;
  }
  const programs = await ensurePrograms({ controllers }, progress);
  const standing = await progress.step("starting", () => bringUp(programs, controllers));
  print(standing.kubeconfigPath);
  return 0;
}

/** For a program that wants one for as long as it lives: its end closes our input, whatever ended it. */
async function run(controllers: boolean): Promise<number> {
  if (!isAvailable(controllers)) return 3;
  const ended = endOfInput();
  const programs = await Promise.race([ensurePrograms({ controllers }, terminalProgress()), ended]);
  if (programs === undefined) return 130;
  await using plane = await startControlPlane({ controllers });
  if (controllers) {
    // There is no provisioner: whoever asks for a volume finds one.
    await plane.kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: VOLUMES }));
  }
  print(JSON.stringify({ server: plane.server, kubeconfigPath: plane.kubeconfigPath }));
  await ended;
  return 0;
}

async function endOfInput(): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  process.stdin.once("close", () => resolve(undefined)).resume();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => resolve(undefined));
  return await promise;
}

function isAvailable(controllers: boolean): boolean {
  const availability = controlPlaneAvailability({ controllers });
  if (!availability.available) process.stderr.write(`controlplane: ${availability.reason}\n`);
  return availability.available;
}

async function status(): Promise<number> {
  const standing = await readStanding();
  if (standing === undefined) {
    print("down");
    return 0;
  }
  print(`up: ${standing.server}, kubeconfig ${standing.kubeconfigPath}`);
  for (const { name, pid } of standing.programs) print(`  ${name} (pid ${pid})`);
  return standing.programs.length > 0 ? 0 : 3;
}

async function down(): Promise<number> {
  const ended = await bringDown();
  print(
    ended.length === 0 ? "nothing was up" : `ended ${ended.map(({ name, pid }) => `${name} (pid ${pid})`).join(", ")}`,
  );
  return 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

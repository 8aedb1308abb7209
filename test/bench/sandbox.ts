/**
 * `npm run bench:sandbox [-- --runs 5] [--json FILE]`: how quick and how small the demo is, each run in processes of its own.
 *
 * answer: from startSandbox() to its first answered request. stand: from the start of `plumb demo`, as `npm run demo` starts it, until
 * both examples of plain manifests are Synced and Healthy, in a demo that has no renderer. resident: its memory then, and at its highest.
 * all, allMb: the same until the chart and the kustomizations are, too, with the renderer of the cache (`npm run build:engine`). Node alone, doing nothing, is what both are held
 * against. Ends with 1 where a limit is passed. Reads /proc, so it needs Linux.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { memoryOf } from "./fleet/process-usage.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "5" }, json: { type: "string" } } });
const TOP = join(import.meta.dirname, "../..");
const PLAIN = ["blog", "shop"];
const ALL = [...PLAIN, "feedback", "newsletter-staging", "newsletter-production"];
const LIMITS = { answerMs: 300, residentMb: 120 };
/** Until the memory is that of a demo which only watches. */
const SETTLED_MS = 3000;

const FIRST_ANSWER = `
  import { get } from "node:http";
  import { startSandbox } from "${join(TOP, "dist/sandbox/index.js")}";
  const start = performance.now();
  const sandbox = await startSandbox();
  await new Promise((resolve) => get(sandbox.url + "/version", (answer) => answer.resume().once("end", resolve)));
  console.log(performance.now() - start);
  await sandbox.stop();
`;

interface Run {
  readonly answerMs: number;
  readonly nodeMs: number;
  readonly nodeMb: number;
  readonly standMs: number;
  readonly residentMb: number;
  readonly highestMb: number;
  readonly allMs: number;
  readonly allMb: number;
}

const runs: Run[] = [];
for (let i = 0; i < Number(values.runs); i++) {
  runs.push({ answerMs: await firstAnswer(), ...(await bareNode()), ...(await plainDemo()), ...(await wholeDemo()) });
}
print();

async function firstAnswer(): Promise<number> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", FIRST_ANSWER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return Number(await text(child.stdout));
}

async function bareNode(): Promise<Pick<Run, "nodeMb" | "nodeMs">> {
  const start = performance.now();
  const child = spawn(process.execPath, ["-e", "console.log(1); setInterval(() => {}, 1000)"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const nodeMs = performance.now() - start;
  const { resident } = memoryOf(child.pid);
  await ended(child, "SIGKILL");
  return { nodeMs, nodeMb: resident };
}

/** The last command of the script `demo`, without a shell around it. */
function demoCommand(): string {
  const { scripts }: { scripts: { demo: string } } = JSON.parse(readFileSync(join(TOP, "package.json"), "utf8"));
  return `exec ${scripts.demo.split("&& ").at(-1)} --listen 127.0.0.1:0`;
}

/** Without a renderer and with nothing that could build one: git alone. */
async function plainDemo(): Promise<Pick<Run, "standMs" | "residentMb" | "highestMb">> {
  const folder = mkdtempSync(join(tmpdir(), "plumb-bench-sandbox-"));
  const git = (process.env["PATH"] ?? "").split(delimiter).find((one) => existsSync(join(one, "git")));
  for (const [name, file] of [
    ["git", join(git ?? "", "git")],
    ["node", process.execPath],
  ] as const)
    symlinkSync(file, join(folder, name));
  const { ms, resident, highest } = await demoUntil(PLAIN, { PATH: folder, XDG_CACHE_HOME: folder });
  rmSync(folder, { recursive: true });
  return { standMs: ms, residentMb: resident, highestMb: highest };
}

async function wholeDemo(): Promise<Pick<Run, "allMs" | "allMb">> {
  const { ms, resident } = await demoUntil(ALL, {});
  return { allMs: ms, allMb: resident };
}

async function demoUntil(wanted: readonly string[], env: { readonly [name: string]: string }) {
  const start = performance.now();
  const options = { cwd: TOP, env: { ...process.env, ...env } };
  const child = spawn("/bin/sh", ["-c", demoCommand()], { ...options, stdio: ["ignore", "pipe", "inherit"] });
  const missing = new Set(wanted);
  for await (const line of createInterface(child.stdout)) {
    const [, name = ""] = /default\/([\w-]+) {2}Synced, Healthy/.exec(line) ?? [];
    if (missing.delete(name) && missing.size === 0) break;
  }
  const ms = performance.now() - start;
  child.stdout.resume();
  await wait(SETTLED_MS);
  const memory = memoryOf(child.pid);
  await ended(child, "SIGINT");
  return { ms, ...memory };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

function median(field: keyof Run): number {
  const sorted = runs.map((run) => run[field]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function print(): void {
  const [nodeMs, nodeMb] = [median("nodeMs"), median("nodeMb")];
  const line = (name: string, value: number, unit: string, base: number, limit?: number) => {
    const ratio = `${(value / base).toFixed(1)} x node alone`;
    const verdict = limit === undefined ? "" : `   limit ${limit} ${unit}${value > limit ? ": PASSED" : ""}`;
    if (limit !== undefined && value > limit) process.exitCode = 1;
    console.log(`${name.padEnd(9)} ${value.toFixed(0).padStart(6)} ${unit.padEnd(3)} ${ratio.padEnd(18)}${verdict}`);
  };
  console.log(
    `${runs.length} runs, medians; node alone starts in ${nodeMs.toFixed(0)} ms with ${nodeMb.toFixed(0)} MB`,
  );
  line("answer", median("answerMs"), "ms", nodeMs, LIMITS.answerMs);
  line("stand", median("standMs"), "ms", nodeMs);
  line("resident", median("residentMb"), "MB", nodeMb, LIMITS.residentMb);
  line("highest", median("highestMb"), "MB", nodeMb);
  line("all", median("allMs"), "ms", nodeMs);
  line("allMb", median("allMb"), "MB", nodeMb);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ limits: LIMITS, runs }, null, 2)}\n`);
}

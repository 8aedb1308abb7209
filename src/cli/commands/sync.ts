import { setTimeout as wait } from "node:timers/promises";
import type { ApplicationAnswer, ResourcesPage, SyncAccepted } from "../../api/index.ts";
import { formatDuration, parseDuration } from "../../kit/duration.ts";
import { printable } from "../../kit/printable.ts";
import { formatProblem, PlumblineError } from "../../model/index.ts";
import { ApiClient } from "../client/api-client.ts";
import { applicationPath, findApplication } from "../client/application-name.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { printJson, printYaml } from "../print/data.ts";
import { Saying } from "../print/saying.ts";
import { waitingLines } from "../print/waiting-lines.ts";
import { type Output, readClientSettings } from "../settings/client.ts";
import type { Invocation } from "./flags.ts";

const LONGEST_PAUSE_MS = 1000;

export async function sync({ host, flags, arg }: Invocation): Promise<ExitCode> {
  const settings = await readClientSettings(flags, host);
  const timeoutMs = timeoutOf(flags.timeout ?? "5m");
  const client = new ApiClient(settings);
  const application = await findApplication(client, arg);
  const path = applicationPath(application);
  const asked = { allowPrune: flags.allowPrune === true ? "true" : undefined, plan: flags.plan };
  const accepted = await client.post<SyncAccepted>(`${path}/sync`, { query: asked });
  host.err(`${application}: asked for pass ${accepted.pass}\n`);
  if (flags.wait !== true) {
    await printAnswer(host, settings.output, accepted, () => `${application} pass ${accepted.pass}`);
    return EXIT.ok;
  }
  const ended = await outcome(host, { client, path, pass: accepted.pass, timeoutMs });
  await printAnswer(host, settings.output, ended.answer, () => summary(ended.answer));
  if (ended.code === EXIT.timedOut) host.err(`gave up after ${formatDuration(timeoutMs)}; the sync itself goes on\n`);
  return ended.code;
}

function timeoutOf(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  const message = `${JSON.stringify(text)} is no duration such as 90s or 5m`;
  throw new PlumblineError("PL-USAGE", { message, where: "--timeout" });
}

interface Wait {
  readonly client: ApiClient;
  readonly path: string;
  readonly pass: number;
  readonly timeoutMs: number;
}

/** Looks until there is an end, or no time is left. What it waits for is said while it waits. */
async function outcome(
  host: Host,
  { client, path, pass, timeoutMs }: Wait,
): Promise<{ readonly code: ExitCode; readonly answer: ApplicationAnswer }> {
  const end = host.now() + timeoutMs;
  const saying = new Saying();
  for (let pause = 100; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
    const answer = await client.get<ApplicationAnswer>(path);
    const code = endOf(answer, pass);
    if (code !== undefined) return { code, answer };
    const left = end - host.now();
    if (left <= 0) return { code: EXIT.timedOut, answer };
    const lines = await waitsOf(client, path, answer);
    for (const line of saying.news(lines, host.now())) host.err(`${printable(line)}\n`);
    await wait(Math.min(pause, left));
  }
}

async function waitsOf(client: ApiClient, path: string, answer: ApplicationAnswer): Promise<readonly string[]> {
  const { waiting, sync: synced, health } = answer;
  if (waiting === undefined) return [`${synced.status}, ${health.status}: ${health.message}`];
  const { items } = await client.get<ResourcesPage>(`${path}/resources?limit=1000`);
  return waitingLines(waiting, items);
}

/** undefined while the pass, or the rollout that it began, goes on. */
function endOf(
  { lastPass, problems, waiting, suspended, sync: synced, health }: ApplicationAnswer,
  pass: number,
): ExitCode | undefined {
  if (lastPass === undefined || lastPass.id < pass) return undefined;
  // It made way for something newer: that is what is waited for now.
  if (lastPass.problem?.code === "PL-PASS-SUPERSEDED") return undefined;
  if (lastPass.problem !== undefined || problems.length > 0) return EXIT.failed;
  // Nobody knows when that ends.
  if (suspended !== undefined) return EXIT.failed;
  if (waiting !== undefined) return undefined;
  if (synced.status !== "Synced" || health.status === "Degraded") return EXIT.failed;
  return health.status === "Healthy" || health.status === "Suspended" ? EXIT.ok : undefined;
}

function summary({ namespace, name, sync: synced, health, lastPass, problems, waiting }: ApplicationAnswer): string {
  const lines = [`${namespace}/${name}  ${synced.status}  ${health.status}  ${health.message}`];
  for (const { outcome: word, ref, message } of lastPass?.outcomes ?? []) {
    lines.push(
      `  ${word} ${ref.kind} ${ref.namespace ?? ""}/${ref.name}${message === undefined ? "" : `  ${message}`}`,
    );
  }
  if (waiting !== undefined) lines.push(`  ${waiting}`);
  const own = lastPass?.problem;
  const unsaid = own === undefined || problems.some(({ code }) => code === own.code) ? [] : [own];
  return [...lines, ...[...problems, ...unsaid].map(formatProblem)].join("\n");
}

async function printAnswer<T>(host: Host, output: Output, answer: T, text: () => string): Promise<void> {
  if (output === "json") host.out(printJson(answer));
  else if (output === "yaml") host.out(await printYaml(answer));
  else host.out(`${printable(text(), { lines: true })}\n`);
}

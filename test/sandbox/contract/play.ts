import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Ask, Call, Kubectl, Scenario, Step } from "./scenario.ts";
import { type Client, clientOf } from "./send.ts";
import type { Target } from "./target.ts";

/** What was asked, and what came. */
export interface Played {
  readonly asked: string;
  readonly answer: Answer;
  /** Only its status counts. */
  readonly given: boolean;
}

export interface Playing {
  readonly namespace: string;
  readonly played: readonly Played[];
}

interface Stage {
  readonly target: Target;
  readonly client: Client;
  readonly namespace: string;
  readonly played: Played[];
}

/** Plays a scenario in a namespace of its own, which is then left to itself: the API ends after the run. */
export async function play(target: Target, { steps }: Scenario): Promise<Playing> {
  const namespace = `contract-${randomBytes(4).toString("hex")}`;
  const stage: Stage = { target, client: clientOf(target), namespace, played: [] };
  try {
    await createNamespace(stage);
    for (const step of steps) await playStep(stage, step);
  } finally {
    stage.client.close();
  }
  return { namespace, played: stage.played };
}

async function createNamespace({ client, namespace }: Stage): Promise<void> {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  const { status, body: said } = await client.send({ method: "POST", path: "/api/v1/namespaces", body });
  if (status !== 201) throw new Error(`no namespace: ${status} ${JSON.stringify(said)}`);
}

async function playStep(stage: Stage, step: Step): Promise<void> {
  if (step.kind === "forget") await stage.target.forget();
  else if (step.kind === "watch") await playWatch(stage, step);
  else if (step.kind === "kubectl") {
    const answer = await askUntil(() => runKubectl(stage, step.run), step.until);
    stage.played.push({ asked: `kubectl ${step.run.args.join(" ")}`, answer, given: false });
  } else {
    const call = callOf(stage, step.ask);
    const answer = await askUntil(() => stage.client.send(call), step.until);
    const { pick = (body) => body, given = false } = step;
    stage.played.push({ asked: labelOf(call, step.ask), answer: { ...answer, body: pick(answer.body) }, given });
  }
}

async function askUntil(
  once: () => Promise<Answer>,
  wanted: (answer: Answer) => boolean = () => true,
): Promise<Answer> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await once();
    if (wanted(answer) || Date.now() > end) return answer;
    await pause(100);
  }
}

async function playWatch(stage: Stage, { ask, events, during }: Extract<Step, { kind: "watch" }>): Promise<void> {
  const call = callOf(stage, ask);
  const open = await stage.client.watch(call);
  for (const step of during) await playStep(stage, step);
  stage.played.push({ asked: labelOf(call, ask), answer: await open.read(events), given: false });
}

/** A request that was made of answers names what differs from run to run. */
function labelOf({ method, path }: Call, ask: Ask): string {
  const label = `${method} ${path}`;
  if (typeof ask !== "function") return label;
  return label.replace(/(resourceVersion=)\d+/, "$1<version>").replace(/(continue=)[^&]+/, "$1<token>");
}

function callOf({ namespace, played }: Stage, ask: Ask): Call {
  const call = typeof ask === "function" ? ask(played.map(({ answer }) => answer)) : ask;
  const placed = (value: string): string => value.replaceAll("$ns", namespace);
  const body = typeof call.body === "string" || call.body === undefined ? call.body : JSON.stringify(call.body);
  return { ...call, path: placed(call.path), ...(body === undefined ? {} : { body: placed(body) }) };
}

/** The kubectl of the machine, whatever server it talks to: what it prints is the same then, too. */
async function runKubectl(
  { target, namespace }: Stage,
  { args, stdin, editor, pick = (stdout) => stdout }: Kubectl,
): Promise<Answer> {
  const dir = dirname(target.kubeconfigPath);
  const placed = args.map((arg) => arg.replaceAll("$ns", namespace));
  const options = ["--kubeconfig", target.kubeconfigPath, "--cache-dir", join(dir, "contract-cache"), "-n", namespace];
  const child = spawn("kubectl", [...options, ...placed], {
    env: { PATH: process.env["PATH"] ?? "", HOME: dir, ...(editor === undefined ? {} : { KUBE_EDITOR: editor }) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin?.replaceAll("$ns", namespace));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { status: typeof code === "number" ? code : -1, headers: {}, body: { stdout: pick(stdout), stderr } };
}

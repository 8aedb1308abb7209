import { setTimeout as wait } from "node:timers/promises";
import { FAULTS, type Scene, type Undo } from "./faults/index.ts";
import { handle } from "./hands.ts";
import type { History } from "./history.ts";
import { shownSecrets } from "./judge/secrets.ts";
import { calm, type Kill, killAtWrite, killWhileStarting, startAgain } from "./killing.ts";
import { passesOf, unfinished } from "./progress.ts";
import type { Random } from "./random.ts";
import type { Stage } from "./stage.ts";
import { surfaces } from "./surfaces.ts";
import { tellOfPush } from "./webhook.ts";

/** Where the seed's numbers come from, for each purpose apart. */
export interface Streams {
  readonly commits: Random;
  readonly hands: Random;
  readonly faults: Random;
  readonly kills: Random;
}

export interface Playing {
  readonly stage: Stage;
  readonly history: History;
  readonly streams: Streams;
  /** Names of the applications. */
  readonly names: readonly string[];
  readonly say: (line: string) => void;
}

export interface Round {
  readonly faults: readonly string[];
  readonly kills: readonly Kill[];
  /** Of commits and hands, in words. */
  readonly changes: readonly string[];
  readonly hands: readonly string[];
  readonly failedStarts: number;
  readonly passes: number;
  /** Milliseconds from the end of the faults until everything was as Git says. */
  readonly ms: number;
  /** What was still not as it should be when patience ended. */
  readonly stuck: readonly string[];
  /** Texts in which secrets were looked for, and where there was one. */
  readonly surfaces: number;
  readonly shown: readonly string[];
}

const PATIENCE_MS = 120_000;
/** What takes longer is told, with what it waits for. */
const SLOW_MS = 8000;

/** Faults, a commit, hands and kills at once; then calm, and a look at how long it takes until all is as Git says. */
export async function playRound(playing: Playing, faults: readonly string[], kills: number): Promise<Round> {
  const { stage, history, streams, say } = playing;
  const undos = await begin({ stage, history, random: streams.faults }, faults);
  const killed: Kill[] = [];
  const changes: string[] = [];
  const hands: string[] = [];
  let failedStarts = 0;
  for (let i = 0; i < Math.max(1, kills); i++) {
    if (i === 0 || streams.commits.chance(0.8)) changes.push(...(await push(playing)));
    if (streams.hands.chance(0.8))
      hands.push(...[await handle(stage, history.newest, streams.hands)].flatMap((one) => one ?? []));
    if (kills === 0) await wait(1500);
    else {
      killed.push(await killOnce(playing));
      failedStarts += await startAgain(stage, undos);
      // Under all of them at once until the end there would be little to kill it at.
      if (streams.kills.chance(0.5)) await calmOne(undos);
    }
  }
  await calm(undos);
  const { ms, stuck } = await settle(playing);
  const seen = stuck.length > 0 ? new Map() : await surfaces(stage, [streams.hands.pick(playing.names)]);
  const round = {
    faults,
    kills: killed,
    changes,
    hands,
    failedStarts,
    ms,
    stuck,
    surfaces: seen.size,
    shown: shownSecrets(seen),
    passes: await passesOf(stage).catch(() => 0),
  };
  say(inWords(round));
  if (stuck.length > 0) say(`the end of the log:\n${stage.plumbline.output.slice(-6000)}`);
  return round;
}

/** Some commits are told of by webhook, others found by polling. */
async function push({ stage, history, streams: { commits } }: Playing): Promise<readonly string[]> {
  const changes = await history.grow(commits, commits.between(1, 3));
  if (commits.chance(0.7)) tellOfPush(stage);
  return changes;
}

async function begin(scene: Scene, faults: readonly string[]): Promise<Map<string, Undo>> {
  const undos = new Map<string, Undo>();
  for (const name of faults) {
    const fault = FAULTS[name];
    if (fault !== undefined) undos.set(name, await fault(scene));
  }
  return undos;
}

async function calmOne(undos: Map<string, Undo>): Promise<void> {
  for (const [name, undo] of undos) {
    await undo();
    undos.delete(name);
    return;
  }
}

async function killOnce({ stage, streams }: Playing): Promise<Kill> {
  if (!streams.kills.chance(0.15)) return await killAtWrite(stage, streams.kills);
  await stage.plumbline.kill();
  return await killWhileStarting(stage, streams.kills);
}

/** Waits until Plumbline and the cluster both say that all is as Git has it. */
async function settle({ stage, history, names, say }: Playing): Promise<{ ms: number; stuck: readonly string[] }> {
  const from = performance.now();
  for (let told = SLOW_MS; ; ) {
    const left = await unfinished(stage, names, history.newest).catch((error: unknown) => [String(error)]);
    const ms = performance.now() - from;
    if (left.length === 0) {
      history.settled();
      return { ms, stuck: [] };
    }
    if (ms > told) {
      say(`still after ${Math.round(ms / 1000)} s: ${left.join("; ")}`);
      told += SLOW_MS;
    }
    if (ms > PATIENCE_MS || !stage.plumbline.isRunning) return { ms, stuck: left };
    await wait(50);
  }
}

function inWords({ faults, kills, changes, hands, ms, stuck }: Round): string {
  const killed = kills.map(({ phase, what }) => (what === "nothing" ? phase : `${phase} (${what})`));
  const list = (words: readonly string[]): string => (words.length === 0 ? "none" : words.join(", "));
  const end = stuck.length === 0 ? `converged in ${(ms / 1000).toFixed(1)} s` : `STUCK: ${stuck.join("; ")}`;
  return `faults: ${list(faults)} | kills: ${list(killed)} | commits: ${list(changes)} | hands: ${list(hands)} | ${end}`;
}

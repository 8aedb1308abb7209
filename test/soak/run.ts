import { applicationNames } from "./applications.ts";
import { FAULTS } from "./faults/index.ts";
import { Garden } from "./garden.ts";
import { History } from "./history.ts";
import { deleted, wrongDeletions } from "./judge/deletions.ts";
import { everyOrphan } from "./judge/orphans.ts";
import { shownSecrets } from "./judge/secrets.ts";
import { startAgain } from "./killing.ts";
import { Random } from "./random.ts";
import { ALL_ROUNDS, KILLS_ALONE, type Results, tally } from "./results.ts";
import { type Playing, playRound, type Round } from "./round.ts";
import { openStage, PLUMB } from "./stage.ts";
import { surfaces } from "./surfaces.ts";

export interface SoakOptions {
  readonly seed: number;
  readonly rounds: Rounds;
  /** Also an application that is a chart: needs the renderer. */
  readonly chart: boolean;
  readonly say: (line: string) => void;
}

/** Drawn by the seed until there are so many kills or so many minutes are over; or told, the faults of each. */
type Rounds = Drawn | { readonly told: readonly (readonly string[])[]; readonly kills: number };

interface Drawn {
  readonly kills: number;
  readonly minutes: number;
  /** Faults that a round has at most, beside the kills. */
  readonly together: number;
}

/** Lets everything go wrong, in rounds that each end with everything as Git says, and judges what came of it. */
export async function soak(options: SoakOptions): Promise<Results> {
  const { seed } = options;
  const streamOf = (name: string): Random => new Random(seed, name);
  const streams = {
    commits: streamOf("commits"),
    hands: streamOf("hands"),
    faults: streamOf("faults"),
    kills: streamOf("kills"),
  };
  const garden = new Garden(streams.commits, options);
  await using stage = await openStage(garden, options);
  const history = await History.begin(stage.repository, garden);
  const playing = { stage, history, streams, names: applicationNames(options), say: options.say };
  await startAgain(stage, new Map());
  // Node writes down what it has compiled only at an orderly end: the hundred starts to come are the quicker for it.
  await stage.plumbline.kill("SIGTERM");
  await startAgain(stage, new Map());
  const began = performance.now();
  const first = await playRound(playing, [], 0);
  const rounds = [first, ...(first.stuck.length > 0 ? [] : await playRounds(playing, options.rounds))];
  stage.setClock(0);
  const seconds = (performance.now() - began) / 1000;
  return await judge(playing, { seed, rounds, seconds });
}

async function playRounds(playing: Playing, wanted: Rounds): Promise<Round[]> {
  const rounds: Round[] = [];
  for (const { faults, kills } of "told" in wanted ? toldRounds(wanted) : drawnRounds(playing.streams, wanted)) {
    const round = await playRound(playing, faults, kills);
    rounds.push(round);
    if (round.stuck.length > 0) break;
  }
  return rounds;
}

function toldRounds({ told, kills }: { told: readonly (readonly string[])[]; kills: number }): readonly Draw[] {
  return told.map((faults) => ({ faults, kills: Math.ceil(kills / told.length) }));
}

interface Draw {
  readonly faults: readonly string[];
  readonly kills: number;
}

/** Every fault once before any comes again; each fourth round has kills alone. */
function* drawnRounds(streams: Playing["streams"], { kills, minutes, together }: Drawn): Generator<Draw> {
  const end = performance.now() + minutes * 60_000;
  const unseen: string[] = [];
  for (let killed = 0, round = 0; killed < kills && performance.now() < end; round++) {
    const count = round % 4 === 3 ? 0 : streams.faults.between(1, together);
    while (unseen.length < count) unseen.push(...streams.faults.shuffled(Object.keys(FAULTS)));
    const next = { faults: unseen.splice(0, count), kills: streams.kills.between(2, 7) };
    killed += next.kills;
    yield next;
  }
}

interface Played {
  readonly seed: number;
  readonly rounds: readonly Round[];
  readonly seconds: number;
}

async function judge(playing: Playing, { seed, seconds, rounds }: Played): Promise<Results> {
  const { stage, history, names } = playing;
  const events = await stage.plane.auditEvents({ user: PLUMB, verbs: ["delete", "deletecollection"] });
  const log = new Map([["the log", stage.plumbline.output]]);
  const seen = stage.plumbline.isRunning ? new Map([...log, ...(await surfaces(stage, names))]) : log;
  const stuck = rounds.flatMap((round) => round.stuck);
  return {
    ...{ seed, seconds, rounds: rounds.length },
    commits: history.revisions.length,
    hands: rounds.flatMap(({ hands }) => hands).length,
    passes: rounds.reduce((sum, { passes }) => sum + passes, 0),
    kills: rounds.flatMap(({ kills }) => kills),
    failedStarts: rounds.reduce((sum, one) => sum + one.failedStarts, 0),
    faults: tally(rounds.flatMap(({ faults }) => faults)),
    convergence: convergenceOf(rounds),
    deletions: events.filter((event) => deleted(event) !== undefined).length,
    surfaces: rounds.reduce((sum, one) => sum + one.surfaces, seen.size),
    failures: {
      converged: stuck,
      orphans: await everyOrphan(stage.direct, history.newest.wanted),
      deletions: wrongDeletions(events, history),
      secrets: [...rounds.flatMap(({ shown }) => shown), ...shownSecrets(seen)],
      ended: stage.plumbline.isRunning ? [] : [stage.plumbline.output.slice(-2000)],
    },
  };
}

function convergenceOf(rounds: readonly Round[]): { [fault: string]: number[] } {
  const times: { [fault: string]: number[] } = { [ALL_ROUNDS]: [], [KILLS_ALONE]: [] };
  for (const { faults, kills, ms } of rounds.filter(({ stuck }) => stuck.length === 0)) {
    const reasons = faults.length === 0 && kills.length > 0 ? [KILLS_ALONE] : faults;
    for (const name of [ALL_ROUNDS, ...reasons]) times[name] = [...(times[name] ?? []), ms];
  }
  return Object.fromEntries(Object.entries(times).filter(([, list]) => list.length > 0));
}

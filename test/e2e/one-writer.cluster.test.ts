import { join } from "node:path";
import { expect, test } from "vitest";
import { FIELD_MANAGER } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import {
  divided,
  handovers,
  lateWrites,
  type Pause,
  type PauseRecord,
  pauseAt,
  replicaId,
  type Write,
  writesOf,
} from "./one-writer.ts";
import { ReplicaWorld, type TestReplica } from "./replicas.ts";
import { until } from "./until.ts";

/** `PLUMB_PAUSES=40` for more of them, at random writes. */
const PAUSES = Number(process.env["PLUMB_PAUSES"] ?? 2);
/** Longer than a tenure, and than the others wait before they take over. */
const STALL_MS = 14_000;
const STALLING = {
  env: { NODE_OPTIONS: `--import=${join(import.meta.dirname, "stall-on-signal.mjs")}`, STALL_MS: String(STALL_MS) },
};

interface Paused {
  readonly paused: TestReplica;
  readonly other: TestReplica;
  readonly colour: string;
  readonly nth: number;
  readonly pause: Pause;
}

/** A replica stands still in the middle of its writes, the other one takes over, and then the first goes on. */
async function handOver(world: ReplicaWorld, { paused, other, colour, nth, pause }: Paused): Promise<PauseRecord> {
  const standsStill = pauseAt(paused, nth, pause);
  await world.commit(colour);
  await other.hook({ repo: world.parts.repository.url });
  await standsStill;
  const at = new Date().toISOString();
  await until(`${colour} by the other one alone`, () => world.isAll(colour), 60);
  if (pause === "SIGSTOP") process.kill(paused.plumbline.pid ?? 0, "SIGCONT");
  await divided(world);
  return { id: replicaId(paused), at };
}

/** Of every pair the first one's write was over before the other one's began, and who was paused wrote no more in that term. */
function expectInTurn(writes: readonly Write[], pauses: readonly PauseRecord[]): void {
  expect(handovers(writes).filter(({ before, after }) => before.done > after.received)).toEqual([]);
  expect(pauses.flatMap((one) => lateWrites(writes, one))).toEqual([]);
  expect(new Set(writes.map(({ manager }) => manager))).toEqual(new Set([FIELD_MANAGER]));
  expect(writes.filter(({ token }) => !/^\S+\.[1-9][0-9]*$/.test(token))).toEqual([]);
}

describeCluster("a replica that is paused past its tenure", () => {
  test("in the middle of its writes goes on without one: the audit log has one writer at every moment", {
    timeout: 60_000 * PAUSES,
  }, async () => {
    await using world = await ReplicaWorld.make(6, { objects: 12, waves: 2 });
    const replicas = [await world.start(STALLING), await world.start(STALLING)] as const;
    await until("everything written", () => world.isAll("first"), 60);
    await divided(world);
    const pauses: PauseRecord[] = [];
    for (let i = 0; i < PAUSES; i++) {
      const [paused, other] = i % 4 < 2 ? replicas : ([replicas[1], replicas[0]] as const);
      const nth = PAUSES > 2 ? 1 + Math.floor(Math.random() * 8) : 4;
      const pause = i % 2 === 0 ? "SIGSTOP" : "stall";
      pauses.push(await handOver(world, { paused, other, colour: `colour-${i}`, nth, pause }));
    }
    const all = await Promise.all(world.names.map((name) => writesOf(world, name)));
    for (const writes of all) expectInTurn(writes, pauses);
    const hands = all.flatMap(handovers).length;
    expect(hands).toBeGreaterThanOrEqual(PAUSES);
    if (PAUSES > 2)
      console.log(`${PAUSES} pauses, ${all.flat().length} writes, ${hands} changes of hands, none out of turn`);
  });
});

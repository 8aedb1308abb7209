import { expect } from "vitest";
import type { AuditEvent } from "../controlplane/index.ts";
import type { Seen } from "./plumbline.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

/** Finished requests of Plumbline in the audit log; watches count when they end. Waits until the log has stood still. */
export async function plumblineRequests(world: World): Promise<readonly AuditEvent[]> {
  let last = -1;
  return await until("the audit log to stand still", async () => {
    const events = (await world.cluster.auditEvents({ user: "admin" })).filter(
      ({ userAgent, verb }) => userAgent?.startsWith("plumbline") && verb !== "watch",
    );
    const still = events.length === last;
    last = events.length;
    return still && events;
  });
}

const READING = new Set(["get", "list", "watch"]);

/** `patch /apis/apps/v1/...`, one a write; a dry run is one whose address says so. */
async function writesOf(world: World): Promise<string[]> {
  const requests = await plumblineRequests(world);
  return requests.filter(({ verb }) => !READING.has(verb)).map(({ verb, requestURI }) => `${verb} ${requestURI}`);
}

/** Left alone for three passes after the one that found everything in place: Synced, no write and no dry run. */
export async function expectQuiet(world: World): Promise<Seen> {
  const { lastPass } = await world.status(({ sync }) => sync.status === "Synced", 60);
  const first = await world.status((seen) => (seen.lastPass?.id ?? 0) > (lastPass?.id ?? 0), 60);
  const before = await writesOf(world);
  const later = await world.status((seen) => (seen.lastPass?.id ?? 0) >= (first.lastPass?.id ?? 0) + 3, 60);
  expect((await writesOf(world)).slice(before.length)).toEqual([]);
  expect(later.sync).toMatchObject({ status: "Synced" });
  expect(later.lastPass?.outcomes).toEqual([]);
  return later;
}

/** The same over a restart, after which nothing is remembered: it may ask by dry run once, and writes nothing. */
export async function expectQuietRestart(world: World): Promise<Seen> {
  const before = await writesOf(world);
  await world.plumbline.kill("SIGTERM");
  await world.plumbline.start();
  const later = await expectQuiet(world);
  const since = (await writesOf(world)).slice(before.length);
  expect(since.filter((write) => !write.includes("dryRun=All"))).toEqual([]);
  return later;
}

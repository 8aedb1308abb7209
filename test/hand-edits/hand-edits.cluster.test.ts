import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { forEachLimited } from "../../src/kit/pool.ts";
import { SILENT } from "../../src/model/index.ts";
import { until } from "../cluster/clusters.ts";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";
import { type Edit, editsOf } from "./edits.ts";
import { type Exception, LEFT, STUCK, unexcused } from "./exceptions.ts";
import { placesOf } from "./places.ts";
import { jsonOf, type Played, play } from "./play.ts";
import { definitionOfCustom, type Sample, samplesOf } from "./subjects.ts";

const AT_ONCE = 24;

interface Done extends Played {
  readonly kind: string;
  readonly title: string;
}

describeCluster("every field of rich manifests, edited by another", () => {
  let plane: ControlPlane;
  let cluster: Cluster;
  let done: readonly Done[];

  // Of its own: webhooks, definitions and classes are law to everybody.
  beforeAll(async () => {
    plane = await startControlPlane();
    cluster = await createCluster({ kubeconfig: plane.kubeconfigPath, log: SILENT, connections: AT_ONCE });
    await cluster.apply(definitionOfCustom());
    const gadget = { group: "hand.example.com", version: "v1", kind: "Gadget" };
    await until(async () => (await cluster.schema(gadget)).kind === "struct", "the schema of the custom kind");
    done = await playAll(cluster, await samplesOf(cluster, plane));
    console.log(summaryOf(done));
  }, 600_000);

  afterAll(async () => {
    await cluster?.close();
    await plane?.[Symbol.asyncDispose]();
  });

  test("is reported at its place with its author, and an apply makes the object what it was", () => {
    const needed = new Set<Exception>();
    const wrong = done.flatMap(({ title, wrong: lines }) => lines.map((line) => `${title}: ${line}`));
    expect(unexcused(wrong, LEFT, needed)).toEqual([]);
    expect(LEFT.filter((exception) => !needed.has(exception))).toEqual([]);
  });

  test("can be healed, but for what the server refuses for a reason that is known", () => {
    const needed = new Set<Exception>();
    const stuck = done.filter(({ end }) => end === "stuck").map(({ title, reason }) => `${title}: ${reason}`);
    expect(unexcused(stuck, STUCK, needed)).toEqual([]);
    expect(STUCK.filter((exception) => exception.seldom !== true && !needed.has(exception))).toEqual([]);
  });

  test("is really moved by the edit in at least half of the cases, and in every kind", () => {
    const moved = done.filter(({ end }) => end === "healed" || end === "kept");
    expect(moved.length).toBeGreaterThan(done.length / 2);
    expect(new Set(moved.map(({ kind }) => kind))).toEqual(new Set(done.map(({ kind }) => kind)));
    expect(new Set(done.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(20);
  });
});

/** Each edit on a copy of its own. */
async function playAll(cluster: Cluster, samples: readonly Sample[]): Promise<Done[]> {
  const done: Done[] = [];
  await forEachLimited(editsOfAll(samples), AT_ONCE, async ({ sample, edit, name }) => {
    const played = await play(cluster, sample.copy(name), edit);
    done.push({ ...played, kind: sample.kind, title: `${sample.kind} ${edit.does} ${edit.path} (${name})` });
  });
  return done;
}

function editsOfAll(samples: readonly Sample[]): { sample: Sample; edit: Edit; name: string }[] {
  return samples.flatMap((sample, number) => {
    const places = placesOf(jsonOf(sample.copy(`e${number}`).desired), sample.schema);
    return editsOf(places, sample.published).map((edit, at) => ({ sample, edit, name: `e${number}-${at}` }));
  });
}

/** How many edits came to which end, and which the server does not allow: counted by kind and deed, with one of its sentences. */
function summaryOf(done: readonly Done[]): string {
  const ends = Map.groupBy(done, ({ end }) => end);
  const counts = [...ends].map(([end, all]) => `${all.length} ${end}`).join(", ");
  const refused = Map.groupBy(ends.get("refused") ?? [], ({ title }) => title.split(" ").slice(0, 2).join(" "));
  const lines = [...refused].map(([what, all]) => `  ${all.length} refused: ${what}, such as ${sentenceOf(all)}`);
  return [`${done.length} edits of ${new Set(done.map(({ kind }) => kind)).size} kinds: ${counts}`, ...lines].join(
    "\n",
  );
}

function sentenceOf([first]: readonly Done[]): string {
  return `${first?.title.split(" ")[2]}: ${first?.reason?.slice(0, 160)}`;
}

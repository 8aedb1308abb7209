import { expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { ROWS as BUILT_IN, type Row } from "./immutable-kinds.ts";
import { DEFINITION, WIDGETS } from "./immutable-widgets.ts";
import { Loop } from "./loop.ts";

const ROWS = [...BUILT_IN, ...WIDGETS];

/** One file an object, so that each has a name of its own in the cluster, too. */
function files(state: "before" | "after", suffix: string): { [path: string]: string } {
  const objects = ROWS.map((row) => [`web/${nameOf(row, suffix)}.yaml`, documentOf(row, state, suffix)] as const);
  return Object.fromEntries(objects);
}

const nameOf = ({ kind, what }: Row, suffix: string) => `${kind.toLowerCase()}-${what}-${suffix}`;

function documentOf(row: Row, state: "before" | "after", suffix: string): string {
  const { metadata = {}, ...fields } = row[state] as { metadata?: object };
  const name = nameOf(row, suffix);
  return JSON.stringify({ apiVersion: row.apiVersion, kind: row.kind, metadata: { ...metadata, name }, ...fields });
}

describeCluster("fields that cannot be changed", () => {
  test("are known to the plan before anything is written, each by its own dry run, which is not asked again", async () => {
    const suffix = `s${process.pid}`;
    await sharedControlPlane().kubectl(["apply", "--server-side", "-f", "-"], JSON.stringify(DEFINITION));
    await using loop = await Loop.open({ files: files("before", suffix) });
    await loop.start(loop.application("web"));
    await loop.synced("web");
    loop.sync.setApplications([loop.application("web", { sync: { auto: false, selfHeal: false, interval: "1h" } })]);
    await loop.repository.commit(files("after", suffix));
    loop.sync.delivered({ urls: [loop.repository.url] });
    const from = loop.requests.length;
    await loop.status("web", ({ sync, plan }) => sync.status === "Pending" && plan !== undefined);
    const { steps } = await loop.sync.plan("default/web");

    const said = ROWS.map((row) => {
      const step = steps.find(({ ref }) => ref.name === nameOf(row, suffix));
      const { code, message = "" } = step?.problem ?? {};
      return [row.kind, row.what, step?.action, code, message.split(" of ")[0]];
    });
    const wanted = ROWS.map(({ kind, what, field }) => {
      return field === undefined
        ? [kind, what, "update", undefined, ""]
        : [kind, what, "update", "PL-KUBE-IMMUTABLE", expect.stringContaining(field)];
    });
    expect(said).toEqual(wanted);

    const dryRuns = () => loop.requests.slice(from).filter(({ verb }) => verb === "dry-run").length;
    expect(loop.requests.slice(from).filter(({ verb }) => ["apply", "patch", "delete"].includes(verb))).toEqual([]);
    const asked = dryRuns();
    expect(asked).toBeLessThanOrEqual(2 * ROWS.length);
    await loop.sync.plan("default/web");
    expect(dryRuns()).toBe(asked);
  }, 60_000);
});

import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { Loop } from "./loop.ts";

const files = {
  "web/a.yaml": configMap("a", { colour: "blue" }),
  "web/b.yaml": configMap("b", { colour: "blue" }),
  "web/old.yaml": configMap("old", {}),
  "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
  "chart/templates/a.yaml": configMap("charted", { colour: "blue" }),
};
const LOOKING = `apiVersion: v1
kind: ConfigMap
metadata: { name: charted }
data:
  seen: '{{ (lookup "v1" "Secret" .Release.Namespace "own").data.password }}'
`;

describeCluster("a preview", () => {
  test("shows what merging the branch would do, writes nothing, and leaves what is known of the application as it is", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.synced("web");
    await loop.repository.branch("feature");
    await loop.repository.commit(
      { "web/a.yaml": configMap("a", { colour: "red" }), "web/new.yaml": configMap("new", {}), "web/old.yaml": null },
      { branch: "feature" },
    );
    await loop.repository.commit({ "web/b.yaml": configMap("b", { colour: "green" }) });
    loop.sync.delivered({ urls: [loop.repository.url] });
    const known = await loop.status(
      "web",
      ({ lastSync, sync }) => sync.status === "Synced" && lastSync?.trigger === "webhook",
    );
    const before = loop.requests.length;

    const preview = await loop.sync.preview("default/web", { ref: "feature", lookups: false });
    expect(preview.message).toBe(
      "feature is 1 commit ahead of main and lacks 1 commit of it: shown is the merge of both",
    );
    const { steps, prunes } = preview.plan;
    expect([...steps, ...prunes].map(({ ref, action }) => [ref.name, action])).toEqual([
      ["a", "update"],
      ["b", "none"],
      ["new", "create"],
      ["old", "prune"],
    ]);
    expect(steps[0]?.changes.map(({ path, class: kind }) => [path, kind])).toEqual([["/data/colour", "pending"]]);
    expect(loop.requests.slice(before).filter(({ verb }) => !["get", "list", "watch"].includes(verb))).toEqual([]);

    expect(loop.report.get("default/web")).toEqual(known);
    const quiet = loop.requests.length;
    const pass = await loop.sync.sync("default/web");
    const after = await loop.sync.passEnded("default/web", pass ?? 0, AbortSignal.timeout(15_000));
    expect(after.lastPass).toMatchObject({ outcomes: [] });
    expect(after.sync.status).toBe("Synced");
    expect(loop.requests.slice(quiet).map(({ verb }) => verb)).toEqual([]);
    await expect(loop.sync.preview("default/web", { ref: "featur", lookups: false })).rejects.toMatchObject({
      code: "PL-GIT-REF-MISSING",
      next: "did you mean feature?",
    });
  });

  test("of a broken branch is that branch's error alone, and a branch shows nobody what templates look up", async () => {
    await using loop = await Loop.open({ files });
    await loop.kubectl("create", "secret", "generic", "own", "--from-literal=password=hunter2");
    await loop.start(loop.application("chart", { sync: { interval: "1h" } }));
    await loop.synced("chart");
    await loop.repository.branch("broken");
    await loop.repository.commit({ "chart/templates/a.yaml": "a: {{ nonsense }}" }, { branch: "broken" });
    await loop.repository.branch("looking");
    await loop.repository.commit({ "chart/templates/a.yaml": LOOKING }, { branch: "looking" });
    const preview = (ref: string) => loop.sync.preview("default/chart", { ref, lookups: false });
    await expect(preview("broken")).rejects.toMatchObject({ code: expect.stringMatching(/^PL-/) });
    await expect(preview("looking")).rejects.toMatchObject({ code: "PL-RENDER-LOOKUP" });
    await expect(preview("looking")).rejects.not.toThrow("hunter2");
    const trusted = await loop.sync.preview("default/chart", { ref: "looking", lookups: true });
    expect(trusted.plan.steps.map(({ ref, action }) => [ref.name, action])).toEqual([["charted", "update"]]);
    expect((await loop.status("chart", () => true)).problems).toEqual([]);
  });
});

import { beforeAll, expect, test } from "vitest";
import { describeCluster, sharedControlPlane } from "../controlplane/index.ts";
import { yaml } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop, type LoopOptions } from "./loop.ts";
import { hpa, widget, widgetDefinition } from "./versions.ts";

const GROUP = `versions-${process.pid}.example.com`;

async function define(definition: ReturnType<typeof widgetDefinition>): Promise<void> {
  const plane = sharedControlPlane();
  await plane.kubectl(["apply", "-f", "-"], JSON.stringify(definition));
  await plane.kubectl(["wait", "--for=condition=Established", `crd/${definition.metadata.name}`]);
}

/** Everything in folder `web`, watched and never healed. */
async function open(files: LoopOptions["files"], sync: object = { selfHeal: false }): Promise<Loop> {
  const loop = await Loop.open({ files });
  await loop.start(loop.application("web", { sync: { interval: "1s", ...sync } }));
  return loop;
}

async function passes(loop: Loop, more: number): Promise<void> {
  const first = loop.passes("default/web").at(-1)?.id ?? 0;
  await loop.status("web", ({ lastPass }) => (lastPass?.id ?? 0) >= first + more, 60);
}

const changesOf = (loop: Loop, name: string) =>
  loop.report.get("default/web")?.resources.find(({ ref }) => ref.name === name)?.changes ?? [];

describeCluster("one kind in two versions", () => {
  beforeAll(async () => {
    await define(widgetDefinition(GROUP));
  });

  test("autoscalers written in v1 and in v2 are Synced, and left alone cost no request", async () => {
    await using loop = await open({ "web/one.yaml": hpa("one", "v1"), "web/two.yaml": hpa("two", "v2") });
    await loop.synced("web");
    await passes(loop, 2);
    loop.requests.length = 0;
    await passes(loop, 3);
    await loop.synced("web");
    // ConfigMaps: parents of others' that came and went meanwhile.
    expect(loop.requests.filter(({ verb, kind }) => verb !== "watch" && kind !== "ConfigMap")).toEqual([]);
  });

  test("an edit in the other version is drift, in the field as the manifest's version has it, by who made it", async () => {
    await using loop = await open({ "web/one.yaml": hpa("one", "v1"), "web/two.yaml": hpa("two", "v2") });
    await loop.synced("web");
    const metrics = [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 90 } } },
    ];
    const patch = (what: string, spec: object) =>
      loop.kubectl("patch", what, "--type=merge", "--field-manager=hand", "-p", JSON.stringify({ spec }));
    await patch("hpa.v2.autoscaling/one", { metrics });
    await patch("hpa.v1.autoscaling/two", { maxReplicas: 9 });
    await loop.status("web", ({ resources }) => resources.every(({ sync }) => sync === "Drifted"));
    expect(changesOf(loop, "one")).toMatchObject([
      { path: "/spec/targetCPUUtilizationPercentage", desired: 70, live: 90, likely: [{ manager: "hand" }] },
    ]);
    expect(changesOf(loop, "two")).toMatchObject([
      { path: "/spec/maxReplicas", desired: 5, live: 9, class: "drift", manager: "hand" },
    ]);
  });

  test("a commit that moves a manifest from one version to the other is Pending, is applied, and rests", async () => {
    await using loop = await open({ "web/one.yaml": hpa("one", "v1") });
    await loop.synced("web");
    loop.sync.setApplications([loop.application("web", { sync: { interval: "1s", auto: false } })]);
    await loop.repository.commit({ "web/one.yaml": hpa("one", "v2") });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await loop.status("web", ({ sync }) => sync.status === "Pending");
    expect(changesOf(loop, "one").filter((change) => change.class !== "pending")).toEqual([]);
    await loop.sync.sync("default/web");
    await loop.synced("web");
    await passes(loop, 3);
    expect(loop.report.get("default/web")?.sync.status).toBe("Synced");
    const entries = JSON.parse(await loop.kubectl("get", "hpa/one", "-o", "json", "--show-managed-fields"));
    expect(entries.metadata.managedFields).toMatchObject([{ manager: "plumbline", apiVersion: "autoscaling/v2" }]);
  });

  test("versions of a definition that only rename the version: other defaults and fields that one lacks are no drift", async () => {
    await using loop = await open({
      "web/one.yaml": widget(GROUP, "one", "v1"),
      "web/two.yaml": widget(GROUP, "two", "v2"),
    });
    await loop.synced("web");
    await passes(loop, 3);
    expect(loop.report.get("default/web")?.resources.map(({ sync, changes }) => [sync, changes])).toEqual([
      ["Synced", []],
      ["Synced", []],
    ]);
    expect(loop.passes("default/web").filter(({ outcomes }) => outcomes.length > 0)).toHaveLength(1);
  });

  test("an edit that makes the server forget all owners is drift by value, and is healed", async () => {
    const group = `forget-${process.pid}.example.com`;
    // What v2 fills in by itself cannot be told in v1, and the server gives up on whose the fields are.
    await define(widgetDefinition(group, { tier: { default: "gold" } }));
    await using loop = await open({ "web/one.yaml": widget(group, "one", "v1") });
    await loop.synced("web");
    const spec = { ports: [{ port: 1, name: "z" }] };
    await loop.kubectl("patch", `widgets.v2.${group}/one`, "--type=merge", "-p", JSON.stringify({ spec }));
    const text = await loop.kubectl("get", `widgets.v1.${group}/one`, "-o", "json", "--show-managed-fields");
    expect(JSON.parse(text).metadata).not.toHaveProperty("managedFields");
    await loop.status("web", ({ sync }) => sync.status === "Drifted");
    expect(changesOf(loop, "one")).toMatchObject([{ path: "/spec/ports", class: "drift" }]);
    await loop.sync.sync("default/web");
    await loop.synced("web");
    const healed = await loop.kubectl("get", `widgets.v1.${group}/one`, "-o", "jsonpath={.spec.ports[*].name}");
    expect(healed).toBe("a b");
  });

  test("a definition and its objects in both versions come with one commit, and a version that the next one adds is known", async () => {
    const group = `coming-${process.pid}.example.com`;
    const files = {
      "web/crd.yaml": JSON.stringify(widgetDefinition(group, { served: ["v1"] })),
      "web/one.yaml": widget(group, "one", "v1"),
    };
    await using loop = await open(files);
    await loop.synced("web");
    await loop.repository.commit({
      "web/crd.yaml": JSON.stringify(widgetDefinition(group)),
      "web/two.yaml": widget(group, "two", "v2"),
    });
    loop.sync.delivered({ urls: [loop.repository.url] });
    await loop.status("web", ({ sync, resources }) => sync.status === "Synced" && resources.length === 3, 60);
    await passes(loop, 2);
    expect(loop.report.get("default/web")?.sync.status).toBe("Synced");
  });

  test("a deprecated version is warned of in every pass, in the definition's own words, and with the place", async () => {
    const group = `old-${process.pid}.example.com`;
    await define(widgetDefinition(group, { deprecated: ["v1"] }));
    await using loop = await open({
      "web/one.yaml": widget(group, "one", "v1"),
      "web/two.yaml": widget(group, "two", "v2"),
    });
    await loop.synced("web");
    await passes(loop, 2);
    const { resources, warnings } = await loop.synced("web");
    expect(resources.map(({ ref, warnings: own }) => [ref.name, own])).toEqual([
      ["one", [`leave ${group}/v1`]],
      ["two", []],
    ]);
    expect(warnings).toEqual([`web/one.yaml:1: leave ${group}/v1`]);
    await define(widgetDefinition(group));
    await loop.status("web", ({ resources: [one] }) => one?.warnings.length === 0, 60);
  });

  test("a version that is served no more is told with those that are, and is followed again when it is back", async () => {
    const group = `served-${process.pid}.example.com`;
    await define(widgetDefinition(group));
    await using loop = await open({
      "web/one.yaml": widget(group, "one", "v1"),
      "web/a.yaml": yaml("v1", "ConfigMap", "a", {}),
    });
    await loop.synced("web");
    await define(widgetDefinition(group, { served: ["v2"] }));
    const { resources } = await loop.status("web", ({ problems }) => problems[0]?.code === "PL-KIND-REMOVED", 60);
    expect(resources.map(({ ref, sync }) => [ref.name, sync])).toEqual([
      ["a", "Synced"],
      ["one", "Unknown"],
    ]);
    expect(resources[1]?.problem).toMatchObject({
      message: `the server does not serve ${group}/v1 Widget; it serves Widget as ${group}/v2`,
      next: `use apiVersion: ${group}/v2`,
    });
    await define(widgetDefinition(group));
    await until(
      "the version to be known again",
      async () => {
        await loop.sync.sync("default/web");
        return loop.report.get("default/web")?.sync.status === "Synced";
      },
      60,
    );
    await passes(loop, 2);
    loop.requests.length = 0;
    await passes(loop, 2);
    expect(loop.requests.filter(({ verb }) => verb !== "watch")).toEqual([]);
  });
});

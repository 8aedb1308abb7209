import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LeftField, ResourceStatus } from "../../src/model/index.ts";
import type { Page } from "../../src/report/index.ts";
import { temporaryFolder } from "../cli/run-plumb.ts";
import { describeTarget } from "../target/index.ts";
import { configMap, deployment, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
    };
  };
}

const REASON = { reason: "others have it" };
const REPLICAS = { kind: "Deployment", path: "/spec/replicas", ...REASON };

/** Commits, and waits until that is what the cluster was made. */
async function follow(world: World, files: { readonly [path: string]: string }): Promise<void> {
  const revision = await world.commit(files);
  await world.status(({ sync, source }) => sync.status === "Synced" && source.revision === revision);
}

async function web(world: World): Promise<readonly [number, ...string[]]> {
  const { spec } = (await world.object<Deployment>("deployment", "web")) ?? expect.fail("there is no deployment");
  return [spec.replicas, ...spec.template.spec.containers.map(({ image }) => image)];
}

async function left(world: World): Promise<readonly LeftField[]> {
  const page = await world.plumbline.get<Page<ResourceStatus>>("/api/v1/applications/default/web/resources");
  return page.items.flatMap((item) => item.left ?? []);
}

function two(webImage: string, sideImage: string, metadata: object = {}): string {
  const labels = { app: "web" };
  const containers = [
    { name: "web", image: webImage },
    { name: "side", image: sideImage },
  ];
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } };
  return yaml("apps/v1", "Deployment", "web", { spec }, metadata);
}

describeTarget("an ignored field", () => {
  test("is left to whoever changed it, through commits, and is never reset while it is still ours", async () => {
    const files = { "web/deploy.yaml": deployment("web", { replicas: 3 }) };
    await using world = await World.synced({ files, spec: { ignore: [REPLICAS] } });
    await follow(world, { "web/deploy.yaml": deployment("web", { replicas: 3, image: "nginx:1.28" }) });
    expect(await web(world)).toEqual([3, "nginx:1.28"]);

    await world.kubectl("scale", "deployment/web", "--replicas=7");
    await follow(world, { "web/deploy.yaml": deployment("web", { replicas: 4, image: "nginx:1.29" }) });
    expect(await web(world)).toEqual([7, "nginx:1.29"]);
    expect(await world.drift()).toEqual([]);
    expect(await left(world)).toMatchObject([{ path: "/spec/replicas", desired: 4, live: 7, source: "application" }]);
  });

  test("is not reset or removed by a commit that changes or drops it while it is ours", async () => {
    const files = { "web/deploy.yaml": deployment("web", { replicas: 3 }) };
    await using world = await World.synced({ files, spec: { ignore: [REPLICAS] } });
    await follow(world, { "web/deploy.yaml": deployment("web", { replicas: 5, image: "nginx:1.28" }) });
    expect(await web(world)).toEqual([3, "nginx:1.28"]);
    await follow(world, { "web/deploy.yaml": two("nginx:1.29", "b:1") });
    expect(await web(world)).toEqual([3, "nginx:1.29", "b:1"]);
  });

  test("is not reset where the object was there before", async () => {
    await using world = await World.make({
      files: { "web/deploy.yaml": deployment("web", { replicas: 2 }) },
      spec: { ignore: [REPLICAS], sync: { interval: "1s", adopt: "all" } },
    });
    const there = join(temporaryFolder(), "there.yaml");
    writeFileSync(there, deployment("web", { replicas: 6 }));
    await world.kubectl("apply", "-f", there);
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    expect(await web(world)).toEqual([6, "nginx:1.27"]);
  });

  test("may be that of one item of a list, by JSONPath", async () => {
    const ignore = [{ jsonPath: '.spec.template.spec.containers[?(@.name=="side")].image', ...REASON }];
    await using world = await World.synced({ files: { "web/deploy.yaml": two("a:1", "b:1") }, spec: { ignore } });
    await world.kubectl("set", "image", "deployment/web", "side=b:9");
    await follow(world, { "web/deploy.yaml": two("a:2", "b:2") });
    expect((await web(world)).slice(1)).toEqual(["a:2", "b:9"]);
    await world.kubectl("set", "image", "deployment/web", "web=a:9");
    await until("the other container to be healed", async () => (await web(world))[1] === "a:2");
    expect((await web(world))[2]).toBe("b:9");
  });

  test("may be whatever a manager has taken", async () => {
    const ignore = [{ manager: "tuner", ...REASON }];
    await using world = await World.synced({ files: { "web/deploy.yaml": deployment("web") }, spec: { ignore } });
    const patch = { spec: { replicas: 5, minReadySeconds: 3 } };
    await world.kubectl("patch", "deployment/web", "--field-manager=tuner", "-p", JSON.stringify(patch));
    await follow(world, { "web/deploy.yaml": deployment("web", { image: "nginx:1.28" }) });
    expect(await web(world)).toEqual([5, "nginx:1.28"]);
    await until("both fields to be told", async () => (await left(world)).length === 2);
    expect((await left(world)).map(({ path, to }) => [path, to])).toEqual([
      ["/spec/minReadySeconds", "tuner"],
      ["/spec/replicas", "tuner"],
    ]);
  });

  test("may be named by the object's annotation in Git, and by the settings", async () => {
    const rules = join(temporaryFolder(), "ignore.yaml");
    writeFileSync(rules, "- { kind: Deploy*, path: /spec/minReadySeconds, reason: tuned }\n");
    const metadata = { annotations: { "plumbline.dev/ignore": "/spec/replicas # by hand" } };
    const files = { "web/deploy.yaml": two("a:1", "b:1", metadata) };
    await using world = await World.synced({ files, args: ["--ignore", rules] });
    const patch = { spec: { replicas: 5, minReadySeconds: 3 } };
    await world.kubectl("patch", "deployment/web", "--type=merge", "-p", JSON.stringify(patch));
    await until("both fields to be told", async () => (await left(world)).length === 2);
    expect((await left(world)).map(({ path, reason, source }) => [path, reason, source])).toEqual([
      ["/spec/minReadySeconds", "tuned", "settings"],
      ["/spec/replicas", "by hand", "annotation"],
    ]);
    await follow(world, { "web/deploy.yaml": two("a:2", "b:1", metadata) });
    expect(await web(world)).toEqual([5, "a:2", "b:1"]);
  });

  test("may be an item of a value that is owned as one: it keeps its place when the rest is applied", async () => {
    const account = (...names: string[]) =>
      yaml("v1", "ServiceAccount", "web", { imagePullSecrets: names.map((name) => ({ name })) });
    const ignore = [{ kind: "ServiceAccount", jsonPath: '.imagePullSecrets[?(@.name=="theirs")]', ...REASON }];
    await using world = await World.synced({ files: { "web/account.yaml": account("a") }, spec: { ignore } });
    const patch = [{ op: "add", path: "/imagePullSecrets/0", value: { name: "theirs" } }];
    await world.kubectl("patch", "serviceaccount/web", "--type=json", "-p", JSON.stringify(patch));
    await until("it to be told", async () => (await left(world)).length === 1);
    expect(await world.drift()).toEqual([]);
    await follow(world, { "web/account.yaml": account("b", "c") });
    const object = await world.object("serviceaccount", "web");
    expect(object).toMatchObject({ imagePullSecrets: [{ name: "theirs" }, { name: "b" }, { name: "c" }] });
  });
});

describeTarget("a rule", () => {
  test("that names no field of any object is a warning, until it names one", async () => {
    const ignore = [REPLICAS, { kind: "Service", path: "/spec/selector", ...REASON }];
    await using world = await World.synced({ files: { "web/deploy.yaml": deployment("web") }, spec: { ignore } });
    const { warnings } = await world.status((status) => status.warnings.length > 0);
    expect(warnings).toEqual(["spec.ignore[1] (kind Service, path /spec/selector) names no field of any object"]);
    const service = yaml("v1", "Service", "web", { spec: { selector: { app: "web" }, ports: [{ port: 80 }] } });
    await follow(world, { "web/service.yaml": service });
    await world.status((status) => status.warnings.length === 0);
  });

  test("that cannot be read stops its own application before anything is written, and no other", async () => {
    await using world = await World.make({
      files: { "web/deploy.yaml": deployment("web"), "fine/config.yaml": configMap("fine", { k: "v" }) },
    });
    const { metadata, spec, ...rest } = JSON.parse(world.applicationDocument({}));
    const broken = { ...rest, metadata, spec: { ...spec, ignore: [{ jsonPath: ".spec..replicas", ...REASON }] } };
    const fine = { ...rest, metadata: { name: "fine" }, spec: { ...spec, source: { ...spec.source, path: "fine" } } };
    world.plumbline.setApplications([broken, fine].map((one) => JSON.stringify(one)).join("\n---\n"));
    await world.plumbline.start();
    await world.plumbline.status("default/fine", ({ sync }) => sync.status === "Synced");
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-IGNORE-INVALID", where: "spec.ignore[0].jsonPath" }]);
    expect(problems[0]?.message).toContain("at character 6");
    expect(await world.object("deployment", "web")).toBeUndefined();
  });

  test("of an annotation that cannot be read stops its own object only", async () => {
    const broken = two("a:1", "b:1", { annotations: { "plumbline.dev/ignore": "/spec/replicas\n[?(" } });
    const files = { "web/a.yaml": broken, "web/b.yaml": yaml("v1", "ConfigMap", "b", { data: { k: "v" } }) };
    await using world = await World.make({ files });
    await world.plumbline.start();
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([
      { code: "PL-IGNORE-INVALID", where: expect.stringMatching(/a\.yaml:1 .*line 2$/) },
    ]);
  });
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LeftField, ResourceStatus } from "../../src/model/index.ts";
import type { Page } from "../../src/report/index.ts";
import { temporaryFolder } from "../cli/run-plumb.ts";
import { describeTarget } from "../target/index.ts";
import { deployment, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

async function left(world: World): Promise<readonly LeftField[]> {
  const page = await world.plumbline.get<Page<ResourceStatus>>("/api/v1/applications/default/web/resources");
  return page.items.flatMap((item) => item.left ?? []);
}

async function toldOf(world: World, path: string): Promise<LeftField> {
  return await until(`${path} to be told`, async () => (await left(world)).find((one) => one.path === path));
}

async function replicas(world: World): Promise<number | undefined> {
  return (await world.object<{ spec: { replicas: number } }>("deployment", "web"))?.spec.replicas;
}

function autoscaler(name: string): string {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: "web" };
  return yaml("autoscaling/v2", "HorizontalPodAutoscaler", name, { spec: { scaleTargetRef, maxReplicas: 9 } });
}

/** By somebody else's hand. */
async function applied(world: World, text: string): Promise<void> {
  const file = join(temporaryFolder(), "object.yaml");
  writeFileSync(file, text);
  await world.kubectl("apply", "--server-side", "--field-manager=somebody", "-f", file);
}

describeTarget("the replicas of what an autoscaler scales", () => {
  test("are left to the application's own, and Git's again without it", async () => {
    const files = { "web/deploy.yaml": deployment("web"), "web/scaler.yaml": autoscaler("scaler") };
    await using world = await World.synced({ files });
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    const field = { to: "HorizontalPodAutoscaler scaler", desired: 2, live: 5, source: "built-in" };
    await until("the autoscaler's number", async () => (await toldOf(world, "/spec/replicas")).live === 5);
    expect(await toldOf(world, "/spec/replicas")).toMatchObject(field);
    expect(await world.drift()).toEqual([]);
    await world.status(({ sync }) => sync.status === "Synced");
    await world.commit({ "web/deploy.yaml": deployment("web", { image: "nginx:1.28" }) });
    await until("the new image", async () =>
      (await world.kubectl("get", "deployment/web", "-o", "yaml")).includes(":1.28"),
    );
    expect(await replicas(world)).toBe(5);

    await world.commit({ "web/scaler.yaml": null });
    await until("Git's number", async () => (await replicas(world)) === 2);
    expect(await left(world)).toEqual([]);
  });

  test("are left to somebody else's, and Git's again without it", async () => {
    await using world = await World.make({ files: { "web/deploy.yaml": deployment("web") } });
    await applied(world, autoscaler("theirs"));
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    await world.kubectl("scale", "deployment/web", "--replicas=5");
    expect(await toldOf(world, "/spec/replicas")).toMatchObject({ to: "HorizontalPodAutoscaler theirs", live: 5 });
    expect(await replicas(world)).toBe(5);
    await world.kubectl("delete", "hpa/theirs");
    await until("Git's number", async () => (await replicas(world)) === 2);
  });
});

describeTarget("what others fill in", () => {
  test("is left to them: an aggregated ClusterRole's rules", async () => {
    await using world = await World.make({ files: { "web/role.yaml": clusterRole("$NAMESPACE", ["watch"]) } });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const theirs = JSON.stringify({ ...JSON.parse(clusterRole(world.namespace, ["get"])), aggregationRule: undefined });
    const file = join(temporaryFolder(), "role.yaml");
    writeFileSync(file, theirs);
    const manager = "--field-manager=clusterrole-aggregation-controller";
    await world.kubectl("apply", "--server-side", "--force-conflicts", manager, "-f", file);
    await until("the rules to be the controller's", async () => {
      return (
        (await toldOf(world, "/rules")).to === "clusterrole-aggregation-controller" && (await rules(world))[0] === "get"
      );
    });
    await world.commit({ "web/role.yaml": clusterRole("$NAMESPACE", ["watch"], { team: "a" }) });
    await until("the label", async () =>
      (await world.kubectl("get", "clusterrole", world.namespace, "-o", "yaml")).includes("team: a"),
    );
    expect(await rules(world)).toEqual(["get"]);
    expect(await world.drift()).toEqual([]);
  });

  test("is left to them: an injected bundle", async () => {
    await using world = await World.make({ files: { "web/hook.yaml": webhook("$NAMESPACE", "Cg==") } });
    await world.plumbline.start();
    await world.status(({ sync }) => sync.status === "Synced");
    const patch = [{ op: "replace", path: "/webhooks/0/clientConfig/caBundle", value: BUNDLE }];
    const args = ["--type=json", "--field-manager=cert-manager-cainjector", "-p", JSON.stringify(patch)];
    await world.kubectl("patch", "validatingwebhookconfiguration", world.namespace, ...args);
    const path = "/webhooks[name=hook.example.com]/clientConfig/caBundle";
    await until("the injected one to be told", async () => (await toldOf(world, path)).live === BUNDLE);
    expect(await toldOf(world, path)).toMatchObject({ to: "cert-manager-cainjector", desired: "Cg==" });
    await world.commit({ "web/hook.yaml": webhook("$NAMESPACE", "Cg==", { team: "a" }) });
    const text = () => world.kubectl("get", "validatingwebhookconfiguration", world.namespace, "-o", "yaml");
    await until("the label", async () => (await text()).includes("team: a"));
    expect(await text()).toContain(BUNDLE);
    expect(await world.drift()).toEqual([]);
  });

  test("is left to the API server where Git asks for it by an empty field", async () => {
    const spec = { type: "NodePort", clusterIP: "", selector: { app: "web" }, ports: [{ port: 80, nodePort: 0 }] };
    await using world = await World.synced({ files: { "web/service.yaml": yaml("v1", "Service", "web", { spec }) } });
    expect((await left(world)).map(({ path, to }) => `${path} ${to}`)).toEqual([
      "/spec/clusterIP the API server",
      "/spec/ports[port=80,protocol=TCP]/nodePort the API server",
    ]);
  });
});

/** A certificate, as far as the server looks. */
const BUNDLE = Buffer.from("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").toString("base64");

async function rules(world: World): Promise<readonly string[]> {
  const role = await world.object<{ rules: { verbs: string[] }[] }>("clusterrole", world.namespace);
  return role?.rules.flatMap(({ verbs }) => verbs) ?? [];
}

function clusterRole(name: string, verbs: readonly string[], labels = {}): string {
  const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { aggregates: name } }] };
  const own = [{ apiGroups: [""], resources: ["configmaps"], verbs }];
  return yaml("rbac.authorization.k8s.io/v1", "ClusterRole", name, { aggregationRule, rules: own }, { labels });
}

/** It is asked about nothing: it has no rules. */
function webhook(name: string, caBundle: string, labels = {}): string {
  const clientConfig = { url: "https://127.0.0.1:1/", caBundle };
  const hook = {
    name: "hook.example.com",
    clientConfig,
    rules: [],
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
  };
  const group = "admissionregistration.k8s.io/v1";
  return yaml(group, "ValidatingWebhookConfiguration", name, { webhooks: [hook] }, { labels });
}

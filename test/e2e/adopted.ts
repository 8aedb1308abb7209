import type { JsonObject, KubeObject, LiveObject, Plan, PlanStep } from "../../src/model/index.ts";
import { configMap } from "./manifests.ts";
import { World, type WorldOptions } from "./world.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** A Deployment as somebody applied it once: more than Git has of it. */
export function older(metadata: object = {}): KubeObject {
  const env = [
    { name: "A", value: "1" },
    { name: "OLD", value: "x" },
  ];
  return deployment({ image: "nginx:1.26", env, minReadySeconds: 7 }, metadata);
}

/** The same Deployment as Git has it. */
export function newer(metadata: object = {}): KubeObject {
  return deployment({ image: "nginx:1.27", env: [{ name: "A", value: "1" }] }, metadata);
}

function deployment(
  { image, env, ...spec }: { image: string; env: JsonObject[]; minReadySeconds?: number },
  metadata: object,
): KubeObject {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", ...metadata },
    spec: {
      ...{ replicas: 2, selector: { matchLabels: labels }, ...spec },
      template: { metadata: { labels }, spec: { containers: [{ name: "web", image, env }] } },
    },
  };
}

export const FILES = { "web/deploy.yaml": JSON.stringify(newer()), "web/other.yaml": configMap("other", {}) };

/** A world in which the objects are there before Plumbline is: kubectl with these arguments has brought each. */
export async function worldWith(
  given: readonly { readonly object: object; readonly by: readonly string[] }[],
  options: Partial<WorldOptions> = {},
): Promise<World> {
  const world = await World.make({ files: FILES, ...options });
  for (const { object, by } of given) await feed(world, object, by);
  return world;
}

/** kubectl in the world's namespace, with an object on stdin. */
export async function feed(world: World, object: object, args: readonly string[]): Promise<void> {
  const all = ["--namespace", world.namespace, ...args, "-f", "-"];
  const { code, stderr } = await world.cluster.kubectl(all, JSON.stringify(object));
  if (code !== 0) throw new Error(`kubectl ${args.join(" ")}: ${stderr}`);
}

export const CLIENT_SIDE = ["apply"];
export const serverSideAs = (manager: string) => ["apply", "--server-side", `--field-manager=${manager}`];
export const createdAs = (manager: string) => ["create", `--field-manager=${manager}`];

export async function planned(world: World, name = "web"): Promise<PlanStep> {
  const plan = await world.plumbline.get<Plan>("/api/v1/applications/default/web/plan");
  const step = plan.steps.find(({ ref }) => ref.name === name);
  if (step === undefined) throw new Error(`the plan has no ${name}: ${JSON.stringify(plan.steps)}`);
  return step;
}

export async function live(world: World, kind = "deployment", name = "web"): Promise<LiveObject> {
  const object = await world.object<LiveObject>(kind, name);
  if (object === undefined) throw new Error(`there is no ${kind} ${name}`);
  return object;
}

/** "plumbline Apply", "kubectl-client-side-apply Update": who owns anything of it. */
export function managersOf({ metadata }: LiveObject): string[] {
  return (metadata.managedFields ?? [])
    .map(({ manager, operation, subresource }) => [manager, operation, subresource].filter(Boolean).join(" "))
    .sort();
}

/** What was removed in Git since `older`. */
export function traces(object: LiveObject): string[] {
  const text = JSON.stringify([object["spec"], object.metadata.annotations, object.metadata.labels]);
  return ["minReadySeconds", "OLD", "nginx:1.26", LAST_APPLIED].filter((word) => text.includes(word));
}

/** Objects of which the server fills in a lot, and lets little be changed. */
export function settled(): KubeObject[] {
  const pod = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx" }] } };
  const claim = {
    ...{ accessModes: ["ReadWriteOnce"], storageClassName: "none" },
    resources: { requests: { storage: "1Gi" } },
  };
  const selector = { matchLabels: { app: "web" } };
  const volumeClaimTemplates = [{ metadata: { name: "data" }, spec: claim }];
  const port = { port: 80, targetPort: 8080 };
  const named = (apiVersion: string, kind: string, rest: object): KubeObject => ({
    ...{ apiVersion, kind, metadata: { name: "web" } },
    ...rest,
  });
  const once = { ...pod, spec: { ...pod.spec, restartPolicy: "Never" } };
  return [
    named("v1", "Service", { spec: { type: "NodePort", selector: { app: "web" }, ports: [port] } }),
    named("v1", "PersistentVolumeClaim", { spec: claim }),
    named("v1", "Secret", { stringData: { password: "hunter22" } }),
    named("v1", "ServiceAccount", {}),
    named("apps/v1", "StatefulSet", { spec: { serviceName: "web", selector, template: pod, volumeClaimTemplates } }),
    named("batch/v1", "CronJob", { spec: { schedule: "0 0 1 1 *", jobTemplate: { spec: { template: once } } } }),
    named("rbac.authorization.k8s.io/v1", "Role", {
      rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
    }),
  ];
}

import { type ApplyEvent, type ApplySummary, applyPlan } from "../../src/apply/index.ts";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { type Comparison, compare } from "../../src/diff/index.ts";
import {
  ANY_SCHEMA,
  type KubeObject,
  type LiveObject,
  type Manifest,
  type Plan,
  refKey,
  refOf,
  SILENT,
} from "../../src/model/index.ts";
import { applySetId, buildPlan, parentRef, prepare } from "../../src/plan/index.ts";
import { type ControlPlaneClient, sharedControlPlane } from "../controlplane/index.ts";

/** An application without Git and without the loop: its manifests, planned and applied when the test says so. */
export class Bench {
  readonly application = "default/bench";
  readonly plane: ControlPlaneClient;
  readonly namespace: string;
  readonly cluster: Cluster;

  private constructor(plane: ControlPlaneClient, namespace: string, cluster: Cluster) {
    this.plane = plane;
    this.namespace = namespace;
    this.cluster = cluster;
  }

  static async open(kubeconfig?: string): Promise<Bench> {
    const plane = sharedControlPlane();
    const namespace = await plane.createNamespace("apply");
    return new Bench(
      plane,
      namespace,
      await createCluster({ kubeconfig: kubeconfig ?? plane.kubeconfigPath, log: SILENT }),
    );
  }

  get applySetId(): string {
    return applySetId(this.application, this.namespace);
  }

  manifest(apiVersion: string, kind: string, name: string, fields: object = {}, metadata: object = {}): Manifest {
    const object = { apiVersion, kind, metadata: { name, ...metadata }, ...fields } as KubeObject;
    return { ref: refOf(object), object, origin: { repo: "r", revision: "1", file: `${name}.yaml`, line: 1 } };
  }

  /** The plan for these manifests over what is there now, and the objects it names. */
  async plan(
    manifests: readonly Manifest[],
    rest: { readonly ensureNamespace?: string; readonly inventoryNamespace?: string } = {},
  ) {
    const inventoryNamespace = rest.inventoryNamespace ?? this.namespace;
    const clusterWide = new Set(["Namespace", "CustomResourceDefinition", "ValidatingWebhookConfiguration"]);
    const prepared = prepare(manifests, {
      application: this.application,
      inventoryNamespace,
      destinationNamespace: rest.ensureNamespace ?? this.namespace,
      namespaced: ({ kind }) => !clusterWide.has(kind),
    });
    await this.follow(["ConfigMap", "Service", "ServiceAccount", "Secret", "Namespace"]);
    const live = new Map<string, LiveObject>();
    const comparisons = new Map<string, Comparison>();
    for (const { ref, object, hash } of prepared) {
      const found = this.cluster.live.get(ref);
      if (found !== undefined) live.set(refKey(ref), found);
      comparisons.set(
        refKey(ref),
        compare({ desired: object, manifestHash: hash, live: found, schema: ANY_SCHEMA, setApplied: false }),
      );
    }
    const plan = buildPlan({
      application: this.application,
      revision: "1",
      inventoryNamespace,
      prepared,
      comparisons,
      live,
      members: this.cluster.live.members(applySetId(this.application, inventoryNamespace)),
      parent: this.cluster.live.get(parentRef(this.application, inventoryNamespace)),
      policy: { prune: true, pruneLimit: 100, adopt: "unclaimed" },
      ...(rest.ensureNamespace === undefined ? {} : { ensureNamespace: rest.ensureNamespace }),
    });
    return { plan, objects: new Map(prepared.map(({ ref, object }) => [refKey(ref), object])) };
  }

  /** The plan that deletes all of it. */
  deletion() {
    const { application, namespace: inventoryNamespace } = this;
    const plan = buildPlan({
      ...{ application, revision: "", inventoryNamespace, prepared: [], comparisons: new Map(), live: new Map() },
      members: this.cluster.live.members(this.applySetId),
      parent: this.cluster.live.get(parentRef(application, inventoryNamespace)),
      deleting: "prune",
      policy: { prune: true, pruneLimit: 100, adopt: "never" },
    });
    return { plan, objects: new Map<string, KubeObject>() };
  }

  async run(
    { plan, objects }: { readonly plan: Plan; readonly objects: ReadonlyMap<string, KubeObject> },
    {
      signal = new AbortController().signal,
      onEvent = () => {},
      concurrency = 32,
      cluster = this.cluster,
      token,
    }: {
      readonly signal?: AbortSignal;
      readonly onEvent?: (event: ApplyEvent) => void;
      readonly concurrency?: number;
      /** In place of its own. */
      readonly cluster?: Cluster;
      readonly token?: string;
    } = {},
  ): Promise<ApplySummary & { readonly events: readonly ApplyEvent[] }> {
    const events: ApplyEvent[] = [];
    const running = applyPlan({
      plan,
      objects,
      ...{ cluster, token },
      signal,
      concurrency,
      log: SILENT,
      now: Date.now,
    });
    for (;;) {
      const next = await running.next();
      if (next.done === true) return { ...next.value, events };
      events.push(next.value);
      onEvent(next.value);
    }
  }

  async apply(manifests: readonly Manifest[]) {
    return await this.run(await this.plan(manifests));
  }

  async kubectl(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.plane.kubectl(["--namespace", this.namespace, ...args]);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }

  async parent(): Promise<LiveObject | undefined> {
    return await this.cluster.get(parentRef(this.application, this.namespace));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
  }

  private async follow(kinds: readonly string[]): Promise<void> {
    for (const kind of kinds)
      await this.cluster.live.follow(await this.cluster.resource({ group: "", version: "v1", kind }), "members");
    await this.cluster.live.follow(
      await this.cluster.resource({ group: "", version: "v1", kind: "ConfigMap" }),
      "parents",
    );
  }
}

export const outcomesOf = ({ outcomes }: ApplySummary) => outcomes.map(({ ref, outcome }) => [ref.name, outcome]);

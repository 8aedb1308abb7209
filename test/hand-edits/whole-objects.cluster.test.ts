import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../src/cluster/index.ts";
import { forEachLimited } from "../../src/kit/pool.ts";
import { formatRef, type KubeObject, parseApiVersion, refOf, SILENT } from "../../src/model/index.ts";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";
import { jsonOf, type Subject } from "./play.ts";
import { objectsIn, subjectOf } from "./subjects.ts";
import { judgeWith } from "./verdict.ts";

/** Rich manifests, and ones that say as little as the server takes, which get the more defaults. */
const FOLDERS = ["kinds", "../sandbox/kinds/fixtures"].map((folder) => join(import.meta.dirname, folder));
/** Custom resources are the other suite's. */
const CUSTOM = new Set(["Gadget"]);

describeCluster("an object that somebody sent as a whole", () => {
  let plane: ControlPlane;
  let cluster: Cluster;
  let subjects: readonly Subject[];
  let foreign: { readonly created: readonly string[]; readonly replaced: readonly string[] };

  beforeAll(async () => {
    plane = await startControlPlane();
    cluster = await createCluster({ kubeconfig: plane.kubeconfigPath, log: SILENT });
    const namespace = await plane.createNamespace("whole");
    const objects = objectsOf(namespace);
    await kubectl(plane, "create", objects, namespace);
    subjects = await createdOf(cluster, objects, namespace);
    const created = await foreignIn(cluster, subjects);
    await kubectl(plane, "replace", await Promise.all(subjects.map((one) => annotated(cluster, one))), namespace);
    foreign = { created, replaced: await foreignIn(cluster, subjects) };
  }, 300_000);

  afterAll(async () => {
    await cluster?.close();
    await plane?.[Symbol.asyncDispose]();
  });

  test("is tried with nearly all kinds that there are", () => {
    expect(new Set(subjects.map(({ desired }) => desired.kind)).size).toBeGreaterThanOrEqual(45);
  });

  test("has nothing foreign once it is ours: what the server filled in is nobody's wish", () => {
    expect(foreign.created).toEqual([]);
  });

  test("has the one field foreign that kubectl replace brought along, and none of the defaults that came with it", () => {
    const expected = subjects.map(
      ({ desired }) => `${formatRef(refOf(desired))} /metadata/annotations/example.com~1by-hand`,
    );
    expect([...foreign.replaced].sort()).toEqual(expected.sort());
  });
});

function objectsOf(namespace: string): KubeObject[] {
  const files = FOLDERS.flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)));
  const texts = files.filter((file) => file.endsWith(".yaml")).map((file) => readFileSync(file, "utf8"));
  return texts
    .flatMap((text) => objectsIn(text.replaceAll("$ns", namespace).replaceAll("$name", "generous")))
    .filter(({ kind }) => !CUSTOM.has(kind));
}

/** One process for all. Some of these are only there to be tried one at a time: those that clash are not made. */
async function kubectl(
  plane: ControlPlane,
  verb: string,
  items: readonly KubeObject[],
  namespace: string,
): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
  await plane.kubectl([verb, "--namespace", namespace, "--validate=ignore", "-f", "-"], list);
}

async function createdOf(cluster: Cluster, objects: readonly KubeObject[], namespace: string): Promise<Subject[]> {
  const found: Subject[] = [];
  await forEachLimited(objects, 8, async (object) => {
    const kind = { ...parseApiVersion(object.apiVersion), kind: object.kind };
    const [schema, { namespaced }] = [await cluster.schema(kind), await cluster.resource(kind)];
    const subject = subjectOf(object, { schema, namespaced, namespace });
    const live = await cluster.get(refOf(subject.desired));
    if (live?.metadata.managedFields?.some(({ manager }) => manager === "kubectl-create")) found.push(subject);
  });
  return found;
}

/** What is foreign once the manifest is applied. */
async function foreignIn(cluster: Cluster, subjects: readonly Subject[]): Promise<string[]> {
  const found: string[] = [];
  await forEachLimited(subjects, 8, async ({ desired, hash, schema }) => {
    const { object: live } = await cluster.apply(desired);
    const judge = judgeWith(cluster, desired);
    const { changes } = await judge({ desired, manifestHash: hash, live, schema, setApplied: true });
    found.push(...changes.map((change) => `${formatRef(refOf(desired))} ${change.path}`));
  });
  return found;
}

async function annotated(cluster: Cluster, { desired }: Subject): Promise<KubeObject> {
  const live = await cluster.get(refOf(desired));
  if (live === undefined) throw new Error(`no ${formatRef(refOf(desired))}`);
  const { managedFields: _, ...metadata } = live.metadata;
  const annotations = { ...metadata.annotations, "example.com/by-hand": "1" };
  return { ...jsonOf(live), ...live, metadata: { ...metadata, annotations } };
}

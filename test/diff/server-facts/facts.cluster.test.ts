import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cluster, createCluster } from "../../../src/cluster/index.ts";
import { compare } from "../../../src/diff/index.ts";
import { type JsonObject, type KubeObject, refOf, SILENT, toProblem } from "../../../src/model/index.ts";
import { describeCluster, sharedControlPlane } from "../../controlplane/index.ts";
import { FACTS, RECORDED, type RecordedFact, readRecorded } from "./facts.ts";
import { Recorder } from "./record.ts";
import { deployment, NS, object } from "./scenario.ts";

/** Set by hand, to write the recordings anew. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

describeCluster("the server facts", () => {
  let recorder: Recorder;
  beforeAll(async () => {
    recorder = await Recorder.open(sharedControlPlane());
  });
  afterAll(async () => {
    await recorder[Symbol.asyncDispose]();
  });

  test.for(FACTS.map((scenario) => [scenario.fact, scenario.name, scenario] as const))(
    "%i, %s: the real server does what was recorded",
    async ([, name, scenario]) => {
      const found = (await recorder.record(scenario)) as RecordedFact;
      if (UPDATE) write(name, found);
      expect(outcomeOf(found)).toEqual(outcomeOf(readRecorded(name)));
    },
  );

  test("the definition's schemas are those that were recorded", async () => {
    const found = await recorder.schemas();
    if (UPDATE) write("openapi", found);
    expect(found).toEqual(readRecorded("openapi"));
  });
});

describeCluster("what a client meets", () => {
  let cluster: Cluster;
  let namespace: string;
  beforeAll(async () => {
    const controlPlane = sharedControlPlane();
    namespace = await controlPlane.createNamespace("facts");
    cluster = await createCluster({ kubeconfig: controlPlane.kubeconfigPath, log: SILENT });
  });
  afterAll(() => cluster.close());

  const placed = (object: KubeObject): KubeObject => JSON.parse(JSON.stringify(object).replaceAll(NS, namespace));
  const web = (name: string, container: JsonObject) => placed(deployment(name, { container }));

  test.each([
    ["an unknown field", { imagee: "x" }],
    ["a wrong type", { image: 1 }],
    ["a key given twice", { env: [{ name: "A" }, { name: "A" }] }],
  ])("%s: a refusal of what was applied is never tried again (fact 1)", async (_what, container) => {
    const refused = await cluster.apply(web("refused", container)).catch(toProblem);
    expect(refused).toMatchObject({ code: expect.stringMatching(/^PL-KUBE-/), retry: "revision" });
  });

  test("a conflict of owners is told from a stale version, and ours is forced (fact 2)", async () => {
    const config = (a: string) => placed(object("ConfigMap v1", "conflict", { data: { a } }));
    const { metadata } = (await cluster.apply(config("1"))).object;
    await cluster.apply(config("2"));
    const { resourceVersion } = metadata;
    const stale = { ...config("3"), metadata: { ...config("3").metadata, resourceVersion } };
    expect(await cluster.apply(stale, { force: false }).catch(toProblem)).toMatchObject({
      code: "PL-KUBE-CONFLICT",
      message: expect.not.stringContaining("plumbline"),
    });
  });

  test("equal amounts in another spelling conflict without force, and not as we apply (fact 10)", async () => {
    const amounts = web("amounts-forced", { resources: { requests: { cpu: "1000m" } } });
    await cluster.apply(amounts);
    for (const cpu of ["2", "1"]) {
      const containers = [{ name: "web", resources: { requests: { cpu } } }];
      const body = JSON.stringify({ spec: { template: { spec: { containers } } } });
      const place = ["deployment/amounts-forced", "-n", namespace];
      const patched = await sharedControlPlane().kubectl(["patch", ...place, "--field-manager=hand", "-p", body]);
      expect(patched.code).toBe(0);
    }
    const unforced = await cluster.apply(amounts, { force: false }).catch(toProblem);
    expect(unforced).toMatchObject({ code: "PL-KUBE-CONFLICT", message: expect.stringContaining("hand") });
    expect((await cluster.apply(amounts)).object.metadata.name).toBe("amounts-forced");
  });

  test("an apply that drops the last finalizer of a leaving object takes it away, and the next makes it anew (fact 24)", async () => {
    const config = placed(object("ConfigMap v1", "leaving-for-good", { data: { a: "1" } }));
    const held = { ...config, metadata: { ...config.metadata, finalizers: ["plumbline.dev/hold"] } };
    const { object: first } = await cluster.apply(held);
    await cluster.delete(refOf(config));
    await cluster.apply(config);
    const again = await cluster.apply(config);
    expect(again.object.metadata.uid).not.toBe(first.metadata.uid);
    expect(again.created).toBe(true);
  });

  test("what a dry run made up is never compared with what is there (fact 26)", async () => {
    const service = placed(object("Service v1", "addressed", { spec: { type: "NodePort", ports: [{ port: 80 }] } }));
    const promised = (await cluster.apply(service, { dryRun: true })).object;
    const { object: made } = await cluster.apply(service);
    expect(made["spec"]).not.toEqual(promised["spec"]);
    const schema = await cluster.schema(refOf(service));
    const input = { desired: service, manifestHash: "", live: made, schema, setApplied: true };
    const changes = [compare(input), compare({ ...input, dryRun: promised })].flatMap((found) => found.changes);
    expect(changes).toEqual([]);
  });
});

/** What counts: codes, changed places, and what is written; not the times and numbers of one run. */
function outcomeOf({ steps, final }: RecordedFact) {
  const paths = (changes: RecordedFact["final"]["changes"] = []) =>
    changes.map(({ op, path }) => `${op} ${path}`).sort();
  return {
    steps: steps.map(({ response, changes, resourceVersionChanged }) => {
      return { code: response.code, changes: paths(changes), resourceVersionChanged };
    }),
    final: { code: final.dryRun.code, changes: paths(final.changes) },
  };
}

function write(name: string, recorded: unknown): void {
  mkdirSync(RECORDED, { recursive: true });
  writeFileSync(join(RECORDED, `${name}.json`), `${JSON.stringify(recorded)}\n`);
}

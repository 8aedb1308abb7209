import { type Cluster, createCluster } from "../../cluster/index.ts";
import { type Comparison, compare, sidesOf, toJsonPatch } from "../../diff/index.ts";
import { forEachLimited } from "../../kit/pool.ts";
import {
  ANY_SCHEMA,
  APPLIED_ANNOTATION,
  deprecationsIn,
  formatOrigin,
  formatRef,
  ID_ANNOTATION,
  type KubeObject,
  type LiveObject,
  type Manifest,
  PART_OF_LABEL,
  type Problem,
  refKey,
  SILENT,
  toProblem,
} from "../../model/index.ts";
import { type Prepared, prepare } from "../../plan/index.ts";
import { withoutOtherHooks } from "../../render/index.ts";
import {
  findAutoscalers,
  isNamespaced,
  isServed,
  type Kinds,
  liveAnswers,
  resolveKinds,
  unconfirmedSentence,
} from "../../sync/index.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { type DiffRow, printDifferences } from "../print/differences.ts";
import { type Noted, printObjectNotes } from "../print/object-notes.ts";
import { printProblems, printWarnings } from "../print/problems.ts";
import { DIFF_OUTPUTS, type DiffOutput, outputOf } from "../settings/client.ts";
import { kubeSettings } from "../settings/kube.ts";
import type { Invocation } from "./flags.ts";
import { requireFolder } from "./folder-argument.ts";
import { renderHere } from "./render-here.ts";

const AT_ONCE = 8;

/** Compares a folder with a cluster, without a Plumbline server: reads, and asks by dry run where only the server knows. Never writes. */
export async function diffFolder(invocation: Invocation): Promise<ExitCode> {
  const { host, flags, arg } = invocation;
  outputOf(DIFF_OUTPUTS, flags.output);
  await requireFolder(arg);
  const cluster = await createCluster({ log: SILENT, ...kubeSettings(flags, host.env) });
  try {
    const namespace = flags.namespace ?? "default";
    const answers = liveAnswers(cluster, namespace);
    const rendered = await renderHere(invocation, { release: { namespace } }, answers);
    const { manifests, problems, warnings } = withoutOtherHooks(rendered);
    printWarnings(host, [...warnings, ...deprecationsIn(manifests)]);
    if (problems.length > 0) return printProblems(host, problems);
    return await diffManifests(manifests, cluster, invocation);
  } finally {
    await cluster.close();
  }
}

async function diffManifests(
  manifests: readonly Manifest[],
  cluster: Cluster,
  { host, flags, arg }: Invocation,
): Promise<ExitCode> {
  const kinds = await resolveKinds(manifests, { cluster });
  // Hooks are run by a sync, and compared with nothing.
  const prepared = prepare(manifests, {
    application: "default/folder",
    inventoryNamespace: "plumbline-system",
    destinationNamespace: flags.namespace ?? "default",
    namespaced: (ref) => isNamespaced(kinds, ref),
  }).filter(({ hook }) => hook === undefined);
  const output = outputOf(DIFF_OUTPUTS, flags.output);
  const { found, problems, warnings, doubted } = await compareAll({ prepared, kinds, cluster, output });
  const what = `between ${arg} and ${cluster.name}`;
  printWarnings(host, warnings);
  const differs = await printDifferences(host, output, { rows: found, what, foreign: flags.foreign === true });
  printObjectNotes(host, doubted);
  if (problems.length > 0) return printProblems(host, problems);
  return differs ? EXIT.differences : EXIT.ok;
}

interface Found {
  readonly found: readonly DiffRow[];
  /** Compared without the dry run that would have been needed. */
  readonly doubted: readonly Noted[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

interface Comparing {
  readonly prepared: readonly Prepared[];
  readonly kinds: Kinds;
  readonly cluster: Cluster;
  readonly output: DiffOutput;
}

/** Of a kind that the folder itself defines, and the server does not know yet, nothing can be there. */
async function compareAll({ prepared, kinds, cluster, output }: Comparing): Promise<Found> {
  const sound = prepared.filter(({ problem }) => problem === undefined);
  const live = await cluster.lookup(sound.map(({ ref }) => ref).filter((ref) => isServed(kinds, ref)));
  const problems = prepared.flatMap(({ problem }) => problem ?? []);
  const { targets, warnings } = await findAutoscalers({
    ...{ prepared: sound, live, members: [], cluster, known: new Map(), keepMs: 0, manual: true, now: Date.now },
  });
  const byKey = new Map<string, DiffRow>();
  const doubted: Noted[] = [];
  await forEachLimited(sound, AT_ONCE, async (one) => {
    const key = refKey(one.ref);
    try {
      const { comparison, unconfirmed } = await compareOne(one, {
        live: live.get(key),
        autoscaler: targets.get(key),
        cluster,
      });
      if (unconfirmed !== undefined) doubted.push({ ref: one.ref, unconfirmed });
      if (comparison.changes.length > 0 || comparison.left !== undefined)
        byKey.set(key, rowOf(one, comparison, { live: live.get(key), output }));
    } catch (error) {
      problems.push({ ...toProblem(error), where: `${formatOrigin(one.origin)} ${formatRef(one.ref)}` });
    }
  });
  return { found: sound.flatMap(({ ref }) => byKey.get(refKey(ref)) ?? []), problems, warnings, doubted };
}

interface Shown {
  readonly live: LiveObject | undefined;
  readonly output: DiffOutput;
}

function rowOf({ ref, origin, object }: Prepared, comparison: Comparison, { live, output }: Shown): DiffRow {
  const { status, changes, left } = comparison;
  return {
    ref,
    sync: status,
    origin,
    changes,
    ...(left && { left }),
    ...(output === "unified" && sidesOf(live, changes, object)),
    ...(output === "patch" && { patch: toJsonPatch(live, changes, object) }),
  };
}

interface There {
  readonly live: LiveObject | undefined;
  /** Whose replicas these are. */
  readonly autoscaler: string | undefined;
  readonly cluster: Cluster;
}

/** Who may only read gets what ownership and values tell, with the sentence that says so. */
async function compareOne(
  { ref, object, hash }: Prepared,
  { live, autoscaler, cluster }: There,
): Promise<{ comparison: Comparison; unconfirmed?: string }> {
  const desired = stampedAs(object, hash, live);
  const schema = live === undefined ? ANY_SCHEMA : await cluster.schema(ref);
  const about = { desired, manifestHash: hash, live, schema, setApplied: false };
  const input = autoscaler === undefined ? about : { ...about, autoscaler };
  const first = compare(input);
  if (!first.doubtful) return { comparison: first };
  try {
    const { object: dryRun } = await cluster.apply(first.sent ?? desired, { dryRun: true });
    return { comparison: compare({ ...input, dryRun }) };
  } catch (error) {
    const refusal = toProblem(error);
    if (refusal.code !== "PL-KUBE-FORBIDDEN") throw error;
    return { comparison: first, unconfirmed: unconfirmedSentence(refusal, first.doubts ?? [], ref) };
  }
}

/** A folder belongs to no application: the object keeps the stamps of the one that has it in the cluster, or has none. */
function stampedAs(object: KubeObject, hash: string, live: LiveObject | undefined): KubeObject {
  const { [PART_OF_LABEL]: _label, ...labels } = object.metadata.labels ?? {};
  const { [ID_ANNOTATION]: _id, [APPLIED_ANNOTATION]: _hash, ...annotations } = object.metadata.annotations ?? {};
  const partOf = live?.metadata.labels?.[PART_OF_LABEL];
  const id = live?.metadata.annotations?.[ID_ANNOTATION];
  const isMember = partOf !== undefined && id !== undefined;
  const kept = {
    labels: isMember ? { ...labels, [PART_OF_LABEL]: partOf } : labels,
    annotations: isMember ? { ...annotations, [ID_ANNOTATION]: id, [APPLIED_ANNOTATION]: hash } : annotations,
  };
  const { labels: _labels, annotations: _annotations, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(Object.keys(kept.labels).length > 0 && { labels: kept.labels }),
      ...(Object.keys(kept.annotations).length > 0 && { annotations: kept.annotations }),
    },
  };
}

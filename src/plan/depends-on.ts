import {
  DEPENDS_ON_ANNOTATION,
  formatRef,
  type KubeObject,
  type PlanStep,
  PlumblineError,
  type Problem,
  type Ref,
  refKey,
  toProblem,
} from "../model/index.ts";

/**
 * The objects that an author makes this one wait for: `group/namespaces/NAMESPACE/Kind/NAME` or `group/Kind/NAME`, several with commas between
 * them; the core group is an empty text. No version stands there, so the Refs have none. Source: kpt, "depends-on annotation".
 */
export function dependsOnOf({ metadata }: KubeObject): readonly Ref[] {
  return entriesOf(metadata.annotations?.[DEPENDS_ON_ANNOTATION]).flatMap((entry) => parseEntry(entry) ?? []);
}

/** What is wrong with the annotation, if anything: what is not understood would be left out of the order. */
export function dependsOnProblem({ metadata }: KubeObject, where: string): Problem | undefined {
  const text = metadata.annotations?.[DEPENDS_ON_ANNOTATION];
  const wrong = entriesOf(text).find((entry) => parseEntry(entry) === undefined);
  if (wrong === undefined) return undefined;
  const message = `${DEPENDS_ON_ANNOTATION} has ${JSON.stringify(wrong)}, which is neither group/namespaces/NAMESPACE/Kind/NAME nor group/Kind/NAME`;
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where }));
}

function entriesOf(text: string | undefined): string[] {
  if (typeof text !== "string" || text.trim() === "") return [];
  return text.split(",").map((entry) => entry.trim());
}

function parseEntry(entry: string): Ref | undefined {
  const parts = entry.split("/");
  const [group = "", second = "", third = "", fourth = "", fifth = ""] = parts;
  if (parts.length === 3 && second !== "" && third !== "") return { group, version: "", kind: second, name: third };
  const whole = parts.length === 5 && second === "namespaces" && third !== "" && fourth !== "" && fifth !== "";
  return whole ? { group, version: "", kind: fourth, namespace: third, name: fifth } : undefined;
}

export interface DependencyFacts {
  /** By refKey: what Git wants, hooks among it. */
  readonly wanted: ReadonlySet<string>;
  /** By refKey: what is the application's, and goes since Git does not want it. */
  readonly leaving: ReadonlySet<string>;
  /** By refKey: objects of others that were looked up, as the server has them; undefined for those that are not there. */
  readonly outside: ReadonlyMap<string, Ref | undefined>;
}

/** The same Refs with the versions that the server has, and what is missing of them. */
export function settleDependsOn(
  step: Pick<PlanStep, "ref" | "dependsOn">,
  facts: DependencyFacts,
  where: string,
): { readonly dependsOn: readonly Ref[]; readonly problem?: Problem } {
  const asked = step.dependsOn ?? [];
  const dependsOn = asked.map((ref) => facts.outside.get(refKey(ref)) ?? ref);
  const absent = asked.find((ref) => !facts.wanted.has(refKey(ref)) && lacks(facts, refKey(ref)));
  if (absent === undefined) return { dependsOn };
  const why = facts.leaving.has(refKey(absent))
    ? "which Git does not have any more"
    : "which is neither in Git nor in the cluster";
  const message = `${formatRef(step.ref)} depends on ${formatRef(absent)}, ${why}`;
  return { dependsOn, problem: toProblem(new PlumblineError("PL-ORDER-MISSING", { message, where })) };
}

function lacks({ leaving, outside }: DependencyFacts, key: string): boolean {
  return leaving.has(key) || (outside.has(key) && outside.get(key) === undefined);
}

import {
  type Application,
  type ErrorCode,
  formatOrigin,
  formatRef,
  type GroupKind,
  groupKindKey,
  PlumblineError,
  type Problem,
  type Project,
  type Ref,
  toProblem,
} from "../../model/index.ts";
import type { Prepared } from "../types.ts";
import { isAccount, isDestination, isKind, isNamed, isRepository } from "./patterns.ts";
import { serviceAccountOf } from "./service-account.ts";

/** What the rules of a project are held against. */
export interface ProjectRules {
  readonly project: Project;
  /** Plumbline's own, with the inventories. */
  readonly ownNamespace: string;
  /** Name of the application's cluster. */
  readonly cluster: string;
}

interface Violation {
  readonly code: ErrorCode;
  readonly rule: string;
  /** A clause, with the name of what is not allowed. */
  readonly what: string;
}

/** So many are told one by one. */
const MOST_TOLD = 50;
const OWN = "one of Plumbline's own namespace is meant by its whole name alone";
const NAMESPACE = { group: "", kind: "Namespace" } as const;

/** What a declaration alone tells, before anything is read: repositories, destination, the namespace that it makes, service account. */
export function judgeDeclaration({ spec }: Pick<Application, "spec">, rules: ProjectRules): readonly Problem[] {
  const { source, destination } = spec;
  const own = source.chart === undefined ? { repo: source.repo } : { repo: source.repo, chart: source.chart };
  const sources = [
    { ...own, where: "spec.source.repo" },
    ...(source.references ?? []).map(({ repo, name }) => ({ repo, where: `spec.source.references ${name}` })),
  ];
  return [
    ...sources.flatMap(({ where, ...one }) => told(rules, repositoryViolation(one, rules), where)),
    ...told(rules, placeViolation(destination.namespace, rules), "spec.destination"),
    ...told(rules, madeNamespaceViolation(destination, rules), "spec.destination"),
    ...told(rules, accountViolation({ spec }, rules), "spec.serviceAccount"),
  ];
}

/** Also of what is read on the way: what a kustomization or a chart refers to. */
export function judgeRepository(
  source: { readonly repo: string; readonly chart?: string },
  rules: ProjectRules,
): Problem | undefined {
  return told(rules, repositoryViolation(source, rules), source.repo)[0];
}

/** A set of manifests under the rules of a project. */
export interface JudgedManifests<T> {
  /** The very list where nothing breaks a rule; else those that do have it as their problem, so that they are not even looked at. */
  readonly list: readonly T[];
  /** Not empty: nothing of the set may be written. */
  readonly problems: readonly Problem[];
}

/** What a set of manifests breaks, hooks included. `namespaced`: a Problem where nobody knows the kind. */
export function judgeManifests<T extends Pick<Prepared, "ref" | "origin" | "problem">>(
  manifests: readonly T[],
  rules: ProjectRules,
  namespaced: (ref: Ref) => boolean | Problem,
): JudgedManifests<T> {
  const judged = manifests.map((one) => {
    const scope = namespaced(one.ref);
    const isInNamespace = typeof scope === "boolean" ? scope : one.ref.namespace !== undefined;
    const where = `${formatOrigin(one.origin)} ${formatRef(one.ref)}`;
    const [problem] = told(rules, objectViolation(one.ref, rules, isInNamespace), where);
    return { one, problem };
  });
  const problems = judged.flatMap(({ problem }) => problem ?? []);
  if (problems.length === 0) return { list: manifests, problems };
  const list = judged.map(({ one, problem }) => (problem === undefined ? one : { ...one, problem }));
  return { list, problems: shortened(problems) };
}

function shortened(found: readonly Problem[]): readonly Problem[] {
  const more = found.length - MOST_TOLD;
  if (more <= 0) return found;
  return found
    .slice(0, MOST_TOLD)
    .map((one, i) => (i === MOST_TOLD - 1 ? { ...one, message: `${one.message}; and ${more} more of the kind` } : one));
}

/** Why a member may not be deleted, in a clause; undefined where it may. */
export function mayNotDelete(ref: Ref, rules: ProjectRules): string | undefined {
  const violation = objectViolation(ref, rules, ref.namespace !== undefined);
  return violation === undefined ? undefined : sentence(rules, violation);
}

/** Why templates may not look at an object, or at all of a kind where no name is given. */
export function judgeLookup(
  kind: GroupKind & { readonly namespace?: string },
  rules: ProjectRules,
): Problem | undefined {
  return told(
    rules,
    placeViolation(kind.namespace, rules) ?? kindViolation(kind, rules, kind.namespace !== undefined),
    kind.kind,
  )[0];
}

function objectViolation(ref: Ref, rules: ProjectRules, isInNamespace: boolean): Violation | undefined {
  const kind = kindViolation(ref, rules, isInNamespace);
  if (kind !== undefined) return kind;
  if (isInNamespace) return placeViolation(ref.namespace, rules);
  // Who may make namespaces makes those that he may use.
  return isNamespace(ref) ? placeViolation(ref.name, rules) : placeViolation(undefined, rules);
}

function isNamespace({ group, kind }: GroupKind): boolean {
  return group === NAMESPACE.group && kind === NAMESPACE.kind;
}

function kindViolation(kind: GroupKind, { project }: ProjectRules, isInNamespace: boolean): Violation | undefined {
  const name = isInNamespace ? "kinds" : "clusterKinds";
  const { allow, deny } = project.spec[name];
  const key = groupKindKey(kind);
  const code = "PL-PROJECT-KIND";
  const denied = deny.find((pattern) => isKind(pattern, kind));
  if (denied !== undefined)
    return { code, rule: `${name}.deny`, what: `${key} is denied${denied === key ? "" : ` by ${denied}`}` };
  if (allow.some((pattern) => isKind(pattern, kind))) return undefined;
  const outside = isInNamespace ? "" : ", which lives outside namespaces,";
  return { code, rule: `${name}.allow`, what: `${key}${outside} is not among ${listed(allow)}` };
}

function placeViolation(namespace: string | undefined, rules: ProjectRules): Violation | undefined {
  const { project, cluster, ownNamespace } = rules;
  const { destinations } = project.spec;
  const rule = "destinations";
  const code = "PL-PROJECT-DESTINATION";
  if (namespace === undefined) {
    if (destinations.some((one) => isNamed([one.cluster], cluster))) return undefined;
    return { code, rule, what: `cluster ${cluster} is not among them` };
  }
  if (isDestination(project.spec, { cluster, namespace }, ownNamespace)) return undefined;
  const own = namespace === ownNamespace ? ", which is Plumbline's own and is meant by its name alone" : "";
  return { code, rule, what: `namespace ${namespace} of cluster ${cluster} is not among them${own}` };
}

/** Also where the namespace is there already: what an application may do does not depend on the day. */
function madeNamespaceViolation(
  { createNamespace, namespaceMetadata }: Application["spec"]["destination"],
  rules: ProjectRules,
): Violation | undefined {
  if (!createNamespace && namespaceMetadata === undefined) return undefined;
  const violation = kindViolation(NAMESPACE, rules, false);
  const field = createNamespace ? "createNamespace" : "namespaceMetadata";
  return violation && { ...violation, what: `${violation.what}, and ${field} writes one` };
}

function repositoryViolation(
  source: { readonly repo: string; readonly chart?: string },
  { project }: ProjectRules,
): Violation | undefined {
  const { repositories } = project.spec;
  if (repositories.some((pattern) => isRepository(pattern, source))) return undefined;
  const name = source.chart === undefined ? source.repo : `chart ${source.chart} of ${source.repo}`;
  return { code: "PL-PROJECT-REPOSITORY", rule: "repositories", what: `${name} is not among ${listed(repositories)}` };
}

function accountViolation(
  application: Pick<Application, "spec">,
  { project, ownNamespace }: ProjectRules,
): Violation | undefined {
  const { required, allow } = project.spec.serviceAccounts;
  const { serviceAccount, destination } = application.spec;
  const code = "PL-PROJECT-SERVICE-ACCOUNT";
  if (serviceAccount === undefined)
    return required ? { code, rule: "serviceAccounts.required", what: "the application names none" } : undefined;
  const account = serviceAccountOf(application);
  const allowed = allow ?? (destination.namespace === undefined ? [] : [`${destination.namespace}/*`]);
  if (account === undefined || isAccount(allowed, account, ownNamespace)) return undefined;
  const of = allow === undefined ? "those of the destination's namespace" : listed(allow);
  const own = account.startsWith(`${ownNamespace}/`) ? `; ${OWN}` : "";
  return { code, rule: "serviceAccounts.allow", what: `${account} is not among ${of}${own}` };
}

function told(rules: ProjectRules, violation: Violation | undefined, where: string): Problem[] {
  if (violation === undefined) return [];
  return [toProblem(new PlumblineError(violation.code, { message: sentence(rules, violation), where }))];
}

/** "Project shop, rule kinds.deny: Secret is denied" */
function sentence({ project }: ProjectRules, { rule, what }: Violation): string {
  return `Project ${project.metadata.name}, rule ${rule}: ${what}`;
}

function listed(patterns: readonly string[]): string {
  if (patterns.length === 0) return "those that it allows (none)";
  const more = patterns.length > 5 ? ` and ${patterns.length - 5} more` : "";
  return `those that it allows (${patterns.slice(0, 5).join(", ")}${more})`;
}

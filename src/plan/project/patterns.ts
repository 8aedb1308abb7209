import { surePlaceOf } from "../../kit/git-url.ts";
import { globMatches } from "../../kit/glob.ts";
import type { GroupKind, ProjectSpec } from "../../model/index.ts";

/**
 * Does a pattern mean the repository: `https://git.example/shop/*`, `git.example/shop/*`, `*`. Whatever spelling either has, host and path are compared each
 * for itself, so that a `*` in the host never reaches into the path; in the path it crosses slashes. A chart is meant by the repository
 * that has it, or as `<repository>/<chart>`.
 */
export function isRepository(
  pattern: string,
  { repo, chart }: { readonly repo: string; readonly chart?: string },
): boolean {
  const place = surePlaceOf(repo);
  if (place === undefined || (chart !== undefined && surePlaceOf(`${repo}/${chart}`) === undefined)) return false;
  if (pattern === "*") return true;
  const [host, path] = hostAndPath(patternPlace(pattern));
  const places = chart === undefined ? [place] : [place, `${place}/${chart}`];
  return places.map(hostAndPath).some(([h, p]) => globMatches(host, h) && globMatches(path, p));
}

/** A pattern that says no path means all of the host; one that no place can fit, such as one with a query, means none. */
function patternPlace(pattern: string): string {
  const spelt = pattern.includes("://") ? pattern : `https://${pattern}`;
  const host = /^[^:]*:\/\/([^/@\s?#]+)\/*$/.exec(spelt)?.[1];
  return host === undefined ? (surePlaceOf(spelt) ?? "/") : `${host.toLowerCase()}/*`;
}

function hostAndPath(place: string): readonly [string, string] {
  const slash = place.indexOf("/");
  return [place.slice(0, slash), place.slice(slash + 1)];
}

/** `Deployment.apps`, `Secret` (of the core group), `*.apps`, `Role*.rbac.authorization.k8s.io`; `*` alone is any kind of any group. */
export function isKind(pattern: string, { group, kind }: GroupKind): boolean {
  if (pattern === "*") return true;
  const dot = pattern.indexOf(".");
  const [ofKind, ofGroup] = dot < 0 ? [pattern, ""] : [pattern.slice(0, dot), pattern.slice(dot + 1)];
  return globMatches(ofKind, kind) && globMatches(ofGroup, group);
}

export interface Place {
  readonly cluster: string;
  readonly namespace: string;
}

/** Plumbline's own namespace has the inventories and Projects of everybody: a pattern such as `*` never means it, its name does. */
export function isDestination(
  { destinations }: Pick<ProjectSpec, "destinations">,
  { cluster, namespace }: Place,
  ownNamespace: string,
): boolean {
  const means = (pattern: string): boolean =>
    namespace === ownNamespace ? pattern === namespace : globMatches(pattern, namespace);
  return destinations.some((one) => globMatches(one.cluster, cluster) && one.namespaces.some(means));
}

/** Of Plumbline's own namespace only those that are meant by their names: as its own account everything may be done. `account`: `namespace/name`. */
export function isAccount(patterns: readonly string[], account: string, ownNamespace: string): boolean {
  return account.startsWith(`${ownNamespace}/`) ? patterns.includes(account) : isNamed(patterns, account);
}

/** Is the namespace of an Application object, or a project's name, one of those that are meant. */
export function isNamed(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => globMatches(pattern, name));
}

import { isJsonObject, type JsonObject, type Problem } from "../../model/index.ts";
import type { ChartVersion, FoundVersion } from "../charts/types.ts";
import { isAge, problemIn } from "./problem-in.ts";

/** What a range means: a version, or why there is none. */
export type ToldVersion = FoundVersion | { readonly problem: Problem };

/** What the one that asks a chart's repository for all said of some ranges. */
export interface ToldVersions {
  /** How long ago the repository was asked. */
  readonly ageMs: number;
  /** Why it could not be asked. */
  readonly problem?: Problem;
  readonly versions: ReadonlyMap<string, ToldVersion>;
}

/** For another machine: ages in place of moments. `wall`: now, by the clock of the versions. */
export function printVersionsAnswer({ ageMs, problem, versions }: ToldVersions, wall: number): JsonObject {
  const items = [...versions].map(([range, told]): JsonObject => ({ range, ...printVersion(told, wall) }));
  return { ageMs, versions: items, ...(problem === undefined ? {} : { problem: { ...problem } }) };
}

function printVersion(told: ToldVersion, wall: number): JsonObject {
  if ("problem" in told) return { problem: { ...told.problem } };
  const { found, at, failing } = told;
  const away = failing && { failing: { forMs: wall - failing.since, problem: { ...failing.problem } } };
  return { found: { ...found }, ageMs: wall - at, ...away };
}

/** Undefined where it is no answer about those ranges. */
export function readVersionsAnswer(
  answer: JsonObject,
  { ranges, wall }: { readonly ranges: readonly string[]; readonly wall: number },
): ToldVersions | undefined {
  const { ageMs, problem, versions } = answer;
  const why = problem === undefined ? undefined : problemIn(problem);
  if (!isAge(ageMs) || !Array.isArray(versions) || (problem !== undefined && why === undefined)) return undefined;
  const told = new Map<string, ToldVersion>();
  for (const one of versions) {
    const version = isJsonObject(one) ? readVersion(one, wall) : undefined;
    const range = isJsonObject(one) ? one["range"] : undefined;
    if (version === undefined || typeof range !== "string") return undefined;
    told.set(range, version);
  }
  if (!ranges.every((range) => told.has(range))) return undefined;
  return { ageMs, versions: told, ...(why === undefined ? {} : { problem: why }) };
}

function readVersion({ problem, found, ageMs, failing }: JsonObject, wall: number): ToldVersion | undefined {
  const why = problemIn(problem);
  if (why !== undefined) return { problem: why };
  const version = isJsonObject(found) ? readFound(found) : undefined;
  if (version === undefined || !isAge(ageMs)) return undefined;
  if (failing === undefined) return { found: version, at: wall - ageMs };
  const away = isJsonObject(failing) ? problemIn(failing["problem"]) : undefined;
  if (away === undefined || !isJsonObject(failing) || !isAge(failing["forMs"])) return undefined;
  return { found: version, at: wall - ageMs, failing: { since: wall - failing["forMs"], problem: away } };
}

/** The archive's URL is judged where it is used, as one out of an index is. */
function readFound({ version, digest, urls, created, deprecated }: JsonObject): ChartVersion | undefined {
  if (typeof version !== "string" || version === "" || !Array.isArray(urls)) return undefined;
  if (digest !== undefined && !(typeof digest === "string" && digest.length <= 200)) return undefined;
  return {
    version,
    urls: urls.filter((url) => typeof url === "string"),
    ...(digest === undefined ? {} : { digest }),
    ...(typeof created === "string" ? { created } : {}),
    ...(deprecated === true ? { deprecated } : {}),
  };
}

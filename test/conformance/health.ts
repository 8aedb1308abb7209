import { assess } from "../../src/health/index.ts";
import { type HealthStatus, isJsonObject, type JsonObject, type LiveObject } from "../../src/model/index.ts";
import { nameOf } from "./case-folder.ts";
import type { CaseFile, CaseFolder, CaseSet, Judged } from "./types.ts";

/** Words of kstatus and of Argo CD. kstatus knows no pause: what we call Suspended is current or on its way there. */
const MEANS: { readonly [status: string]: readonly HealthStatus[] } = {
  Current: ["Healthy", "Suspended"],
  InProgress: ["Progressing"],
  Failed: ["Degraded"],
  Terminating: ["Progressing"],
  NotFound: ["Missing"],
  Healthy: ["Healthy"],
  Suspended: ["Suspended"],
  Progressing: ["Progressing"],
  Degraded: ["Degraded"],
  Missing: ["Missing"],
  Unknown: ["Unknown"],
};

/** A list of live objects with the verdict of another tool on each. Its words and conditions are its own, and no part of the question. */
export const HEALTH: CaseSet = {
  name: "health",
  isIn: (folder) => healthFiles(folder).length > 0,
  judge: async (folder) => ({ cases: healthFiles(folder).flatMap(casesIn), leftOut: [] }),
};

function healthFiles({ files }: CaseFolder): CaseFile[] {
  const isCase = (one: unknown) => isJsonObject(one) && isJsonObject(one["object"]) && "expectedStatus" in one;
  return files.filter(({ value }) => Array.isArray(value) && value.some(isCase));
}

function casesIn(file: CaseFile): Judged[] {
  const all: readonly unknown[] = Array.isArray(file.value) ? file.value : [];
  return all.map((one, at) => judged(isJsonObject(one) ? one : {}, `${nameOf(file)}[${at}]`));
}

function judged({ name, object, expectedStatus }: JsonObject, place: string): Judged {
  const title = typeof name === "string" ? name : place;
  const wanted = MEANS[String(expectedStatus)];
  if (!isJsonObject(object) || wanted === undefined) {
    return { name: title, wrong: `is no case: its status is ${JSON.stringify(expectedStatus)}` };
  }
  // Untrusted like any live object: assess takes whatever shape it has.
  const { status, message } = assess(object as object as LiveObject);
  if (wanted.includes(status)) return { name: title, answer: status };
  return { name: title, answer: status, wrong: `${status} (${message}), and they say ${String(expectedStatus)}` };
}

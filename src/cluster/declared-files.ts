import { readFile } from "node:fs/promises";
import { hashJson } from "../kit/hash.ts";
import { type Log, PlumblineError, toProblem } from "../model/index.ts";
import { withAuthority } from "./connections.ts";
import { credentialsOf } from "./create-cluster.ts";
import { type ClusterDeclaration, warningsOf } from "./declaration.ts";
import { loadKubeAccess } from "./kubeconfig.ts";

/** A cluster of the settings. */
export interface ClusterFile {
  readonly name: string;
  readonly kubeconfig: string;
  /** Absent: the file's current one. */
  readonly context?: string | undefined;
}

export interface FilesWatch {
  readonly files: readonly ClusterFile[];
  readonly log: Log;
  readonly onChange: (declared: readonly ClusterDeclaration[]) => void;
  /** Between two looks. Default 5000. */
  readonly pollMs?: number;
}

/** Reads the kubeconfigs now and again and again, and tells what they declare. Returns the end of it. */
export async function followFiles({ files, log, onChange, pollMs = 5000 }: FilesWatch): Promise<() => void> {
  if (files.length === 0) return () => {};
  const look = async (): Promise<void> => onChange(await Promise.all(files.map(declarationOf)));
  await look();
  let looking = false;
  const poll = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => log.error({ ...toProblem(error) }, "the kubeconfigs of clusters cannot be looked at"))
      .finally(() => {
        looking = false;
      });
  }, pollMs);
  return () => clearInterval(poll);
}

/** A file that cannot be used now is its own cluster's problem. */
async function declarationOf(file: ClusterFile): Promise<ClusterDeclaration> {
  const { name, kubeconfig, context } = file;
  const declaredBy = `file ${kubeconfig}${context === undefined ? "" : ` (context ${context})`}`;
  const choice = { kubeconfig, ...(context === undefined ? {} : { context }) };
  try {
    const at = await withAuthority(await loadKubeAccess(choice));
    const { certFile, keyFile } = at.access.user;
    const pairs = await Promise.all([certFile, keyFile].map(textOf));
    const fingerprint = hashJson([declaredBy, JSON.stringify(at), pairs]);
    return {
      ...{ name, declaredBy, fingerprint, warnings: warningsOf(at.access) },
      way: { at, credentials: credentialsOf(at.access, choice) },
    };
  } catch (error) {
    const { message, where, next } = toProblem(error);
    const told = { message, next, ...(where === undefined ? {} : { where }), cause: error };
    const refused = new PlumblineError("PL-CLUSTER-CONFIG", told);
    return { name, declaredBy, fingerprint: hashJson([declaredBy, message]), way: { error: refused }, warnings: [] };
  }
}

/** "" for one that is not there: whoever needs it says so when he reads it. */
async function textOf(file: string | undefined): Promise<string> {
  return file ? await readFile(file, "utf8").catch(() => "") : "";
}

import { sha256 } from "../kit/hash.ts";
import { sleep } from "../kit/sleep.ts";
import { CLUSTER_LABEL, isJsonObject, type LiveObject, type Log, PlumblineError, toProblem } from "../model/index.ts";
import { fetchCredentials } from "./credentials.ts";
import { type ClusterDeclaration, warningsOf } from "./declaration.ts";
import { embeddedAccess } from "./embedded-kubeconfig.ts";
import type { Cluster } from "./types.ts";

export interface SecretsWatch {
  readonly home: Cluster;
  /** Plumbline's own. */
  readonly namespace: string;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly onChange: (declared: readonly ClusterDeclaration[]) => void;
}

const SECRET = { group: "", version: "v1", kind: "Secret" } as const;
const KEY = "kubeconfig";
const FIRST_AGAIN_MS = 5000;
const LONGEST_AGAIN_MS = 300_000;

/** Follows the Secrets of Plumbline's namespace that carry the label, and tells all that they declare at each change. Ends with the signal. */
export async function followSecrets({ home, namespace, log, stopping, onChange }: SecretsWatch): Promise<void> {
  const tell = (): void => onChange(declaredIn(home.live.all(SECRET), namespace));
  for (let again = FIRST_AGAIN_MS; !stopping.aborted; again = Math.min(LONGEST_AGAIN_MS, again * 2)) {
    try {
      await home.live.follow(await home.resource(SECRET, stopping), `clusters in ${namespace}`, { signal: stopping });
      const unsubscribe = home.live.onChange(({ ref }) => {
        if (ref.kind === SECRET.kind && ref.group === "" && ref.namespace === namespace) tell();
      });
      stopping.addEventListener("abort", unsubscribe, { once: true });
      return tell();
    } catch (error) {
      if (stopping.aborted) return;
      log.debug({ ...toProblem(error) }, "Secrets that declare clusters cannot be followed; it is tried again");
      await sleep(again, stopping).catch(() => {});
    }
  }
}

/** Of two of one name neither counts: nobody could tell which is meant. */
export function declaredIn(secrets: readonly LiveObject[], namespace: string): readonly ClusterDeclaration[] {
  const meant = secrets.filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.deletionTimestamp === undefined,
  );
  const labelled = meant.flatMap((secret) => {
    const name = secret.metadata.labels?.[CLUSTER_LABEL];
    return name === undefined || name === "" ? [] : [{ name, secret }];
  });
  const byName = Map.groupBy(labelled, ({ name }) => name);
  return [...byName].map(([name, [first, ...others]]) => {
    const one = declarationOf(name, first?.secret);
    if (others.length === 0) return one;
    const all = [first, ...others].map((each) => each?.secret.metadata.name).join(", ");
    const message = `the Secrets ${all} all declare the cluster ${name}`;
    const next = `keep the label ${CLUSTER_LABEL} on one of them`;
    const error = new PlumblineError("PL-CLUSTER-CONFIG", { message, where: one.declaredBy, next });
    return { ...one, fingerprint: sha256(message), way: { error }, warnings: [] };
  });
}

function declarationOf(name: string, secret: LiveObject | undefined): ClusterDeclaration {
  const declaredBy = `Secret ${secret?.metadata.namespace}/${secret?.metadata.name}`;
  const data = secret?.["data"];
  const encoded = isJsonObject(data) ? data[KEY] : undefined;
  const text = typeof encoded === "string" ? Buffer.from(encoded, "base64").toString("utf8") : "";
  const known = { name, declaredBy, fingerprint: sha256(`${declaredBy}\n${text}`) };
  try {
    if (text === "") throw missingKey(declaredBy);
    const access = embeddedAccess(text, `${declaredBy} ${KEY}`);
    const { caData } = access.cluster;
    const ca = caData ? Buffer.from(caData, "base64").toString("utf8") : undefined;
    const way = { at: { access, ca }, credentials: () => fetchCredentials(access) };
    return { ...known, way, warnings: warningsOf(access) };
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    return { ...known, way: { error }, warnings: [] };
  }
}

function missingKey(where: string): PlumblineError {
  const next = `put a kubeconfig under the key ${KEY}`;
  return new PlumblineError("PL-CLUSTER-CONFIG", { message: `it has no key ${KEY}`, where, next });
}

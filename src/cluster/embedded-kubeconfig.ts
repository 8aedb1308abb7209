import { load } from "js-yaml";
import { isJsonObject, type JsonObject, PlumblineError } from "../model/index.ts";
import { requireUsable } from "./embedded-fields.ts";
import { chosenAccess, type KubeAccess, parseKubeconfig } from "./kubeconfig.ts";

/** What makes Plumbline run a program or read a file of its own machine, for whoever may write the kubeconfig. */
const FOREIGN = {
  clusters: { entry: "cluster", fields: { "certificate-authority": "a file" } },
  users: {
    entry: "user",
    fields: {
      exec: "a program",
      "auth-provider": "a program",
      tokenFile: "a file",
      "token-file": "a file",
      "client-certificate": "a file",
      "client-key": "a file",
    },
  },
} as const;

const INSTEAD =
  "put what it stands for into the kubeconfig itself: token, client-certificate-data, client-key-data, certificate-authority-data";

/**
 * A kubeconfig that comes out of the cluster and not from whoever runs Plumbline. It may name neither programs nor files, in no entry, whichever is chosen.
 * Nothing of what it holds is repeated in a message but names of contexts. Errors: PL-CLUSTER-CONFIG.
 */
export function embeddedAccess(text: string, origin: string): KubeAccess {
  const raw = readYaml(text, origin);
  for (const list of ["clusters", "users"] as const) refuseForeign(raw, list, origin);
  const access = chosen(raw, origin);
  requireUsable(access);
  return access;
}

function chosen(raw: JsonObject, origin: string): KubeAccess {
  try {
    return chosenAccess([parseKubeconfig(raw, "/")], { origin, wanted: undefined });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw refused(origin, "it is no kubeconfig: a list or an entry is missing");
    const next = "set current-context, and the context, cluster and user that it leads to";
    throw new PlumblineError("PL-CLUSTER-CONFIG", { message: error.message, where: origin, next });
  }
}

/** A YAML reader's own message shows lines of the text, and these may be a key. */
function readYaml(text: string, origin: string): JsonObject {
  let raw: unknown;
  try {
    raw = load(text);
  } catch (error) {
    const line = isJsonObject(error) && isJsonObject(error["mark"]) ? Number(error["mark"]["line"]) + 1 : undefined;
    throw refused(origin, `it is no YAML that can be read${line === undefined ? "" : ` (line ${line})`}`);
  }
  if (isEncoded(raw))
    throw refused(origin, "it is a kubeconfig that is encoded in base64 twice: stringData takes it as it is");
  if (!isJsonObject(raw)) throw refused(origin, "it is no kubeconfig");
  return raw;
}

function isEncoded(raw: unknown): boolean {
  if (typeof raw !== "string" || !/^[A-Za-z0-9+/=\s]+$/.test(raw)) return false;
  return /^[\s{"']*(apiVersion|kind|clusters|contexts|users|current-context|preferences)\b/m.test(
    Buffer.from(raw, "base64").toString("utf8"),
  );
}

function refuseForeign(raw: JsonObject, list: keyof typeof FOREIGN, origin: string): void {
  const { entry, fields } = FOREIGN[list];
  const entries = raw[list];
  if (entries === undefined) return;
  if (!Array.isArray(entries)) throw refused(`${origin} ${list}`, "it is no list");
  for (const [position, one] of entries.entries()) {
    const details = isJsonObject(one) ? one[entry] : undefined;
    if (!isJsonObject(details)) continue;
    for (const [field, what] of Object.entries(fields)) {
      const value = details[field];
      if (value === undefined || value === null || value === "") continue;
      const where = `${origin} ${list}[${position}].${entry}.${field}`;
      const message = `a kubeconfig from the cluster may not name ${what}: ${field} is set`;
      throw new PlumblineError("PL-CLUSTER-CONFIG", { message, where, next: INSTEAD });
    }
  }
}

function refused(where: string, message: string): PlumblineError {
  return new PlumblineError("PL-CLUSTER-CONFIG", { message, where });
}

import { PlumblineError } from "../model/index.ts";
import type { KubeAccess } from "./kubeconfig.ts";

/** What would else be found out by the first question, in words of TLS: each field that is chosen, before anybody asks. Errors: PL-CLUSTER-CONFIG, without a value. */
export function requireUsable({ cluster, user, origin }: KubeAccess): void {
  const { server, proxyUrl, caData } = cluster;
  const { certData, keyData } = user;
  requireUrl(server, `${origin} server`);
  if (proxyUrl) requireUrl(proxyUrl, `${origin} proxy-url`);
  requirePem(caData, "CERTIFICATE", `${origin} certificate-authority-data`);
  requirePem(certData, "CERTIFICATE", `${origin} client-certificate-data`);
  requirePem(keyData, "PRIVATE KEY", `${origin} client-key-data`);
  if (Boolean(certData) === Boolean(keyData)) return;
  const [there, missing] = certData ? ["certificate", "key"] : ["key", "certificate"];
  throw refused(
    `${origin} client-${missing}-data`,
    `it has a client's ${there} without its ${missing}`,
    "give both, or a token",
  );
}

function requireUrl(text: string, where: string): void {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return;
  throw refused(where, "it is no URL that begins with https:// or http://", "correct the URL");
}

function requirePem(encoded: string | undefined, what: "CERTIFICATE" | "PRIVATE KEY", where: string): void {
  if (!encoded) return;
  const text = Buffer.from(encoded, "base64").toString("latin1");
  if (new RegExp(`-----BEGIN [A-Z ]*${what}-----`).test(text)) return;
  const next = "put the PEM file there, encoded in base64 once (base64 -w0 FILE)";
  throw refused(where, `it is no ${what.toLowerCase()} in PEM, encoded in base64`, next);
}

function refused(where: string, message: string, next: string): PlumblineError {
  return new PlumblineError("PL-CLUSTER-CONFIG", { message, where, next });
}

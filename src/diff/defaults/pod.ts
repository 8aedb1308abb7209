import { isJsonObject, type Json, type JsonObject } from "../../model/index.ts";
import { type Default, under } from "./fill.ts";

const PROBE: readonly Default[] = [
  ["timeoutSeconds", 1],
  ["periodSeconds", 10],
  ["successThreshold", 1],
  ["failureThreshold", 3],
  ["httpGet.path", "/"],
  ["httpGet.scheme", "HTTP"],
  ["grpc.service", ""],
];

const CONTAINER: readonly Default[] = [
  ["terminationMessagePath", "/dev/termination-log"],
  ["terminationMessagePolicy", "File"],
  ["imagePullPolicy", ({ image }) => (isLatest(image) ? "Always" : "IfNotPresent")],
  ["env.*.valueFrom.fieldRef.apiVersion", "v1"],
  ["env.*.valueFrom.resourceFieldRef.divisor", "0"],
  ...["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) => under(probe, PROBE)),
  ["lifecycle.postStart.httpGet.path", "/"],
  ["lifecycle.postStart.httpGet.scheme", "HTTP"],
  ["lifecycle.preStop.httpGet.path", "/"],
  ["lifecycle.preStop.httpGet.scheme", "HTTP"],
];

/** Of the spec of a Pod, alone or in a template. */
export const POD: readonly Default[] = [
  ["restartPolicy", "Always"],
  ["terminationGracePeriodSeconds", 30],
  ["dnsPolicy", "ClusterFirst"],
  ["securityContext", {}],
  ["schedulerName", "default-scheduler"],
  ["serviceAccount", ({ serviceAccountName }) => serviceAccountName],
  ["serviceAccountName", ({ serviceAccount }) => serviceAccount],
  ...["containers.*", "initContainers.*"].flatMap((container) => under(container, CONTAINER)),
  ["volumes.*.configMap.defaultMode", 420],
  ["volumes.*.secret.defaultMode", 420],
  ["volumes.*.downwardAPI.defaultMode", 420],
  ["volumes.*.downwardAPI.items.*.fieldRef.apiVersion", "v1"],
  ["volumes.*.downwardAPI.items.*.resourceFieldRef.divisor", "0"],
  ["volumes.*.projected.defaultMode", 420],
  ["volumes.*.projected.sources.*.serviceAccountToken.expirationSeconds", 3600],
  ["volumes.*.projected.sources.*.downwardAPI.items.*.fieldRef.apiVersion", "v1"],
  ["volumes.*.projected.sources.*.downwardAPI.items.*.resourceFieldRef.divisor", "0"],
  ["volumes.*.hostPath.type", ""],
  ["volumes.*.ephemeral.volumeClaimTemplate.spec.volumeMode", "Filesystem"],
  ["volumes.*.emptyDir", (volume) => (Object.keys(volume).length === 1 ? {} : undefined)],
  ["volumes.*.image.pullPolicy", ({ reference }) => (isLatest(reference) ? "Always" : "IfNotPresent")],
];

/** No tag and no digest, or the tag "latest". */
function isLatest(image: Json | undefined): boolean {
  if (typeof image !== "string") return false;
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag === undefined ? digest === undefined : tag === "latest";
}

/** In a Pod, though not in a template, a limit is also what is asked for. Source: core/v1 defaults (SetDefaults_Pod). */
export function limitsAsRequests({ limits, requests }: JsonObject): Json | undefined {
  if (!isJsonObject(limits)) return undefined;
  return isJsonObject(requests) ? { ...limits, ...requests } : limits;
}

import type { ApplyResult, Cluster } from "../cluster/index.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type LiveObject,
  PlumblineError,
} from "../model/index.ts";
import { patiently } from "./patience.ts";

interface Making {
  readonly cluster: Pick<Cluster, "apply">;
  readonly signal: AbortSignal;
}

interface Replaced {
  readonly object: KubeObject;
  /** As it was; undefined where it was gone already. */
  readonly before: LiveObject | undefined;
}

/**
 * Makes an object; a Service with the cluster address and the node ports that it had, where Git names none, so that whoever knows them
 * finds it. They are asked for once and then left to the server again, which keeps them.
 */
export async function keepingAddresses(
  { cluster, signal }: Making,
  { object, before }: Replaced,
): Promise<ApplyResult> {
  const apply = (sent: KubeObject) => patiently(signal, () => cluster.apply(sent, { signal }));
  const kept = before === undefined ? undefined : withAddressesOf(before, object);
  if (kept === undefined) return await apply(object);
  try {
    await apply(kept);
  } catch (error) {
    // Another family, or somebody was quicker: then the server gives it new ones.
    if (!(error instanceof PlumblineError) || error.code !== "PL-KUBE-INVALID") throw error;
  }
  return await apply(object);
}

/** Undefined where there is nothing to keep. */
function withAddressesOf(before: LiveObject, object: KubeObject): KubeObject | undefined {
  const [had, wanted] = [before["spec"], object["spec"]];
  if (object.kind !== "Service" || object.apiVersion !== "v1") return undefined;
  if (!isJsonObject(had) || !isJsonObject(wanted) || wanted["type"] === "ExternalName") return undefined;
  const address =
    wanted["clusterIP"] === undefined && isAddress(had["clusterIP"]) ? { clusterIP: had["clusterIP"] } : {};
  const takesPorts = wanted["type"] === "NodePort" || wanted["type"] === "LoadBalancer";
  const ports =
    takesPorts && Array.isArray(wanted["ports"])
      ? { ports: wanted["ports"].map((port) => withNodePort(port, had)) }
      : {};
  if (Object.keys({ ...address, ...ports }).length === 0) return undefined;
  return { ...object, spec: { ...wanted, ...address, ...ports } };
}

function isAddress(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "" && value !== "None";
}

function withNodePort(port: Json, had: JsonObject): Json {
  if (!isJsonObject(port) || port["nodePort"] !== undefined || !Array.isArray(had["ports"])) return port;
  const same = had["ports"].find(
    (one) => isJsonObject(one) && one["port"] === port["port"] && protocol(one) === protocol(port),
  );
  const nodePort = isJsonObject(same) ? same["nodePort"] : undefined;
  return typeof nodePort === "number" ? { ...port, nodePort } : port;
}

function protocol({ protocol = "TCP" }: JsonObject): Json {
  return protocol;
}

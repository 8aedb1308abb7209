import { PlumblineError } from "../../model/index.ts";
import type { RedisSettings } from "../../redis/index.ts";
import type { ServeFile } from "./serve-schema.ts";

/** How this process takes part in a fleet of equal ones. */
export interface ReplicaSettings {
  /** Where the replicas see one another. */
  readonly by: { readonly kind: "leases" } | { readonly kind: "redis"; readonly redis: RedisSettings };
  /** Without a slash at its end. */
  readonly address: string;
  readonly tokenFile: string;
}

type Given = Pick<ServeFile, "replicas" | "replicaAddress" | "replicaTokenFile">;

/** Undefined: alone. Errors: PL-CONFIG-INVALID where one of the three is given without the others, or Redis where it has nothing to do, or not where it has. */
export function replicaSettings(given: Given, redis: RedisSettings | undefined): ReplicaSettings | undefined {
  const { replicas, replicaAddress: address, replicaTokenFile: tokenFile } = given;
  const missing = [
    ...(replicas === undefined ? ["--replicas"] : []),
    ...(address === undefined ? ["--replica-address"] : []),
    ...(tokenFile === undefined ? ["--replica-token-file"] : []),
  ];
  if (replicas !== undefined && address !== undefined && tokenFile !== undefined)
    return { by: boardOf(replicas, redis), address: address.replace(/\/$/, ""), tokenFile };
  if (missing.length === 3) return undefined;
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message:
      "replicas have to find, to reach and to know one another: --replicas, --replica-address and --replica-token-file go together",
    where: missing.join(", "),
    next: `give ${missing.join(" and ")} too, or none of the three`,
  });
}

function boardOf(kind: "leases" | "redis", redis: RedisSettings | undefined): ReplicaSettings["by"] {
  if (kind === "redis" && redis !== undefined) return { kind, redis };
  if (kind === "leases" && redis === undefined) return { kind };
  if (kind === "redis") {
    const message = "there is no Redis on which the replicas could find one another";
    throw new PlumblineError("PL-CONFIG-INVALID", { message, where: "--replicas", next: "give --redis, too" });
  }
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message: "replicas that find one another by Leases ask nobody for turns: Redis would have nothing to do",
    where: "--replicas, --redis",
    next: "give --replicas redis, which needs no Leases, or leave --redis away",
  });
}

import { PlumblineError } from "../../model/index.ts";
import type { ServeFile } from "./serve-schema.ts";

/** How this process takes part in a fleet of equal ones. */
export interface ReplicaSettings {
  readonly by: "leases";
  /** Without a slash at its end. */
  readonly address: string;
  readonly tokenFile: string;
}

/** Undefined: alone. Errors: PL-CONFIG-INVALID where one of the three is given without the others, or with a queue that all share. */
export function replicaSettings({
  replicas: by,
  replicaAddress: address,
  replicaTokenFile: tokenFile,
  redis,
}: Pick<ServeFile, "replicas" | "replicaAddress" | "replicaTokenFile" | "redis">): ReplicaSettings | undefined {
  if (by !== undefined && redis !== undefined) {
    throw new PlumblineError("PL-CONFIG-INVALID", {
      message: "whoever takes a turn out of the queue in Redis need not be the replica that has the application",
      where: "--replicas, --redis",
      next: "use one of the two: --replicas divides the applications, --redis shares the turns among processes that know all of them",
    });
  }
  const missing = [
    ...(by === undefined ? ["--replicas"] : []),
    ...(address === undefined ? ["--replica-address"] : []),
    ...(tokenFile === undefined ? ["--replica-token-file"] : []),
  ];
  if (by !== undefined && address !== undefined && tokenFile !== undefined)
    return { by, address: address.replace(/\/$/, ""), tokenFile };
  if (missing.length === 3) return undefined;
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message:
      "replicas have to find, to reach and to know one another: --replicas, --replica-address and --replica-token-file go together",
    where: missing.join(", "),
    next: `give ${missing.join(" and ")} too, or none of the three`,
  });
}

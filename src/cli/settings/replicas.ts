import { PlumblineError } from "../../model/index.ts";
import type { ServeFile } from "./serve-schema.ts";

/** How this process takes part in a fleet of equal ones. */
export interface ReplicaSettings {
  readonly by: "leases";
  /** Without a slash at its end. */
  readonly address: string;
  readonly tokenFile: string;
}

/** Undefined: alone. Errors: PL-CONFIG-INVALID where one of the three is given without the others. */
export function replicaSettings({
  replicas: by,
  replicaAddress: address,
  replicaTokenFile: tokenFile,
}: Pick<ServeFile, "replicas" | "replicaAddress" | "replicaTokenFile">): ReplicaSettings | undefined {
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

import { type Cluster, writingUnder } from "../cluster/index.ts";
import { PlumblineError } from "../model/index.ts";
import type { Division } from "../replicas/index.ts";

/** With what one application is written. */
export interface WriteRight {
  /** A cluster that asks for the right at each write; the very one where there is only one process. */
  readonly on: (cluster: Cluster) => Cluster;
  /** Says who writes; absent where there is only one process, which writes and asks nothing for it. */
  readonly token?: string;
  /** Aborted when the right is lost. */
  readonly signals: readonly AbortSignal[];
}

const ALONE: WriteRight = { on: (cluster) => cluster, signals: [] };

/** As it is now, and for one pass or one wish of a person: who loses it has lost it for good, and gets another one for what comes next. */
export function writeRightOf(division: Division | undefined, name: string): WriteRight {
  const tenure = division?.tenureOf(name);
  if (division === undefined || tenure?.token === "") return ALONE;
  const { token = "nobody", signal } = tenure ?? {};
  const check = (): void => {
    if (tenure?.isValid() === true) return;
    const here = tenure === undefined ? "this replica" : `replica ${token}`;
    const message = `${here} may not write for ${name}: as far as it knows, replica ${division.ownerOf(name).id} has it, or is going to`;
    throw new PlumblineError("PL-FENCED", { message, where: name });
  };
  const permit = { writer: token, check };
  return { on: (cluster) => writingUnder(cluster, permit), token, signals: signal === undefined ? [] : [signal] };
}

import { ID_ANNOTATION, type LiveObject, PART_OF_LABEL, type Ref, refKey, refOf } from "../model/index.ts";
import {
  applicationOfId,
  type Moving,
  mayNotDelete,
  type PlanInput,
  type Prepared,
  type ProjectRules,
} from "../plan/index.ts";
import type { Moves } from "./moves.ts";

interface MovesInput {
  readonly prepared: readonly Prepared[];
  readonly moves: Moves;
  readonly name: string;
  readonly rules: ProjectRules | undefined;
}

interface Seen {
  readonly live: ReadonlyMap<string, LiveObject>;
  readonly members: readonly LiveObject[];
}

/** Members that Git wants elsewhere by now, and what others of ours have let go of. */
export async function movesIn(
  { prepared, moves, name, rules }: MovesInput,
  { live, members }: Seen,
): Promise<Pick<PlanInput, "moving" | "letGo">> {
  const wanted = new Set(prepared.map(({ ref }) => refKey(ref)));
  const unwanted = members.map(refOf).filter((ref) => !wanted.has(refKey(ref)));
  const owners = [...live].flatMap(([key, object]) => {
    const owner = ownerOf(object);
    return owner === undefined || owner === name ? [] : [[key, owner] as const];
  });
  return {
    ...(unwanted.length === 0 ? {} : { moving: await heldBack(unwanted, moves, rules) }),
    ...(owners.length === 0 ? {} : { letGo: await moves.letGo(new Map(owners)) }),
  };
}

async function heldBack(
  refs: readonly Ref[],
  moves: Moves,
  rules: ProjectRules | undefined,
): Promise<ReadonlyMap<string, Moving>> {
  const moving = await moves.heldBack(refs.map(refKey));
  if (rules === undefined) return moving;
  const forbidden = refs.flatMap((ref): [string, Moving][] => {
    const why = mayNotDelete(ref, rules);
    return why === undefined ? [] : [[refKey(ref), { guard: "project", why }]];
  });
  return new Map([...moving, ...forbidden]);
}

/** The application of Plumbline whose member it is. */
function ownerOf({ metadata }: LiveObject): string | undefined {
  return metadata.labels?.[PART_OF_LABEL] === undefined
    ? undefined
    : applicationOfId(metadata.annotations?.[ID_ANNOTATION]);
}

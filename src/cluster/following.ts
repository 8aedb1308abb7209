import { APPLYSET_ID_LABEL, CLUSTER_LABEL, PART_OF_LABEL } from "../model/index.ts";
import type { Following, MembersIn, ParentsIn } from "./types.ts";

/** The label whose presence is followed; undefined: every object is. */
export function followedLabel(what: Following): string | undefined {
  if (isOfMembers(what)) return PART_OF_LABEL;
  if (isOfParents(what)) return APPLYSET_ID_LABEL;
  return what === "all" ? undefined : CLUSTER_LABEL;
}

const IN = " in ";

export function isOfMembers(what: Following): what is "members" | MembersIn {
  return what === "members" || what.startsWith(`members${IN}`);
}

export function isOfParents(what: Following): what is "parents" | ParentsIn {
  return what === "parents" || what.startsWith(`parents${IN}`);
}

/** undefined: in all. */
export function followedNamespace(what: Following): string | undefined {
  return what.split(IN, 2)[1];
}

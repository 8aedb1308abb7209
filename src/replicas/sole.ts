import type { Division, Replica, Tenure } from "./types.ts";

const SELF: Replica = { id: "self" };
const ALWAYS: Tenure = { token: "", isValid: () => true, signal: new AbortController().signal };

/** One process has everything, for as long as it lives. */
export const SOLE_DIVISION: Division = {
  owns: () => true,
  ownerOf: () => SELF,
  tenureOf: () => ALWAYS,
  onChange: () => () => {},
};

/**
 * Everything that goes wrong in a soak, by the words that its report uses. Each fault begins at once and goes on until it is undone, so
 * that the process is killed, commits are made and hands reach into the cluster meanwhile. To add one: a line in one of the tables.
 */
import { ANSWER_FAULTS } from "./answers.ts";
import { CONNECTION_FAULTS } from "./connections.ts";
import { GIT_FAULTS } from "./git.ts";
import { MACHINE_FAULTS } from "./machine.ts";
import { SERVER_FAULTS } from "./servers.ts";
import type { Fault } from "./types.ts";

export type { Fault, Scene, Undo } from "./types.ts";

export const FAULTS: { readonly [name: string]: Fault } = {
  ...SERVER_FAULTS,
  ...CONNECTION_FAULTS,
  ...ANSWER_FAULTS,
  ...GIT_FAULTS,
  ...MACHINE_FAULTS,
};

import { type Here, heldBackHere, letGoHere } from "./moves.ts";
import type { Neighbour } from "./neighbours.ts";
import type { PassRunner } from "./pass-runner.ts";

/** What other processes may ask of this one. */
export function neighbourHere(passes: Pick<PassRunner, "lack">, here: Here): Neighbour {
  return {
    lack: (name) => passes.lack(name),
    heldBack: (question) => heldBackHere(question, here),
    letGo: (question) => letGoHere(question, here),
  };
}

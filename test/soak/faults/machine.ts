import type { Fault } from "./types.ts";

const MINUTE = 60_000;
const JUMPS = [-24 * 60 * MINUTE, -60 * MINUTE, -MINUTE, MINUTE, 60 * MINUTE, 24 * 60 * MINUTE];

/** The machine on which Plumbline runs. A clock that has jumped stays where it is until the next jump. */
export const MACHINE_FAULTS: { readonly [name: string]: Fault } = {
  "clock jumped": ({ stage, random }) => {
    stage.setClock(random.pick(JUMPS));
    return () => {};
  },
  "disk full": async ({ stage: { disk } }) => {
    await disk?.fill();
    return () => disk?.free();
  },
};

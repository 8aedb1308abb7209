import type { PlanStep } from "../model/index.ts";
import type { Run } from "./types.ts";

/** One object that waits: says why whenever that changes, and at the end that it waits no more. */
export interface ToldWait {
  say(message: string): void;
  end(): void;
}

export function toldWait(
  { emit, now }: Pick<Run, "emit" | "now">,
  { ref, stage }: Pick<PlanStep, "ref" | "stage">,
): ToldWait {
  const since = now();
  let said: string | undefined;
  return {
    say(message) {
      if (message !== said) emit({ type: "waiting", ref, stage, message, since });
      said = message;
    },
    end() {
      if (said !== undefined) emit({ type: "arrived", ref });
    },
  };
}

/** Ends with the pass, and with its wish to end: what waits is not to keep a newer commit waiting. */
export function endOf({ signal, ending }: Pick<Run, "signal" | "ending">): AbortSignal {
  return ending === undefined ? signal : AbortSignal.any([signal, ending]);
}

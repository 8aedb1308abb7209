import { HOOK_PHASES, type HookPhase, type HookRecord } from "../model/index.ts";

const SHORT = 16;

/** Enough of a set's hash to tell it from another. */
export function shortSet(setHash: string): string {
  return setHash.slice(0, SHORT);
}

/** "0123456789abcdef PreSync PostSync:failed": how the parent says it. */
export function formatHookRecord({ set, ended, failed }: HookRecord): string {
  return [set, ...ended, ...failed.map((phase) => `${phase}:failed`)].join(" ");
}

/** undefined where nothing, or nothing that is understood, stands there. */
export function parseHookRecord(text: string | undefined): HookRecord | undefined {
  const [set = "", ...words] = (text ?? "").split(" ");
  if (!/^[0-9a-f]{16}$/.test(set)) return undefined;
  const isPhase = (word: string): word is HookPhase => HOOK_PHASES.some((phase) => phase === word);
  const failed = words.filter((word) => word.endsWith(":failed")).map((word) => word.slice(0, -":failed".length));
  return { set, ended: words.filter(isPhase), failed: failed.filter(isPhase) };
}

/** What a hook's object carries while and after it runs: for which phase, and of which set. */
export function hookMark(phase: HookPhase, set: string): string {
  return `${phase} ${set}`;
}

import type { RedisEvent } from "../model/index.ts";

type Why = NonNullable<Extract<RedisEvent, { readonly kind: "up" }>["why"]>;

/** By the words of Redis' own protocol and of TLS; ioredis has no codes for the rest. */
export function whyOf(reason: string): Why {
  if (/\bOOM\b|\bMISCONF\b/.test(reason)) return "full";
  if (/^(WRONGPASS|NOAUTH|NOPERM)\b|certificate|\bCA\b/i.test(reason)) return "refused";
  return reason.includes("timed out") ? "slow" : "away";
}

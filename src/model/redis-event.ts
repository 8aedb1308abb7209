/** What happened between a queue and its Redis, for those who count. */
export type RedisEvent =
  | { readonly kind: "up"; readonly isUp: boolean; readonly why?: "away" | "slow" | "full" | "refused" }
  | { readonly kind: "answered"; readonly ms: number }
  | { readonly kind: "evicts"; readonly mayEvict: boolean }
  | { readonly kind: "emptied" }
  | { readonly kind: "seeded"; readonly keys: number }
  | { readonly kind: "refused" }
  | { readonly kind: "lock-lost" };

/** Where Redis is, and as whom it is asked. */
export interface RedisSettings {
  readonly kind: "single" | "sentinel" | "cluster";
  /** One for a single server; for the others some to begin with. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Of the sentinels' masters, this one. */
  readonly master?: string;
  readonly db?: number;
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
}

/** What Redis does to the queue and the queue to Redis, for those who count. */
export type RedisEvent =
  | { readonly kind: "up"; readonly isUp: boolean; readonly why?: "away" | "slow" | "full" }
  | { readonly kind: "answered"; readonly ms: number }
  | { readonly kind: "evicts"; readonly mayEvict: boolean }
  | { readonly kind: "emptied" }
  | { readonly kind: "seeded"; readonly keys: number }
  | { readonly kind: "refused" }
  | { readonly kind: "lock-lost" };

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

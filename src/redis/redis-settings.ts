/** Where Redis is, and as whom it is asked. */
export interface RedisSettings {
  readonly kind: "single" | "sentinel" | "cluster";
  /** One for a single server; for the others some to begin with. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  /** Of the sentinels' masters, this one. */
  readonly master?: string;
  readonly db?: number;
  readonly tls: boolean;
  /** Certificate authorities to trust, as PEM; those of the system where it is absent. */
  readonly ca?: string;
  readonly username?: string;
  readonly password?: string;
}

/** "host:port", as people know it. */
export function addressesOf({ nodes }: RedisSettings): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(",");
}

import { PlumblineError } from "../../model/index.ts";

export interface Listen {
  /** "" is every address. */
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
}

/** "127.0.0.1:8080", "[::1]:8080", ":8080" (every address). Errors: PL-CONFIG-INVALID. */
export function parseListen(text: string): Listen {
  const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(parts?.[3]);
  if (parts !== null && port <= 65_535) return { host: parts[1] ?? parts[2] ?? "", port };
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message: `${JSON.stringify(text)} is no address such as 127.0.0.1:8080 or [::1]:8080`,
    where: "--listen",
    next: "give HOST:PORT",
  });
}

/** As a URL has it. */
export function formatListen({ host, port }: Listen): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

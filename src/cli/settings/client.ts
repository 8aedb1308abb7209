import { readFile } from "node:fs/promises";
import { PlumblineError } from "../../model/index.ts";
import type { Host } from "../host.ts";

export const OUTPUTS = ["text", "wide", "json", "yaml", "name"] as const;
export type Output = (typeof OUTPUTS)[number];
/** graph: who waits for whom. */
export const PLAN_OUTPUTS = [...OUTPUTS, "graph"] as const;
/** patch: RFC 6902. unified: YAML, line by line. */
export const DIFF_OUTPUTS = [...OUTPUTS, "patch", "unified"] as const;
export type DiffOutput = (typeof DIFF_OUTPUTS)[number];

/** As commander gives them: absent where the flag is. */
export interface ClientFlags {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly output?: string;
}

export interface ClientSettings {
  /** Without a slash at the end. */
  readonly server: string;
  /** Whether --server or PLUMB_SERVER named it. */
  readonly serverIsGiven: boolean;
  readonly token: string | undefined;
  readonly output: Output;
  /** Where words go that are no data. */
  readonly say: (words: string) => void;
}

const DEFAULT_SERVER = "http://127.0.0.1:8080";

/** Settings of the commands that ask a server: flag, then environment, then default. Errors: PL-USAGE, PL-CONFIG-*. */
export async function readClientSettings(
  flags: ClientFlags,
  { env, err }: Pick<Host, "env" | "err">,
): Promise<ClientSettings> {
  const named = flags.server ?? nonEmpty(env["PLUMB_SERVER"]);
  return {
    server: serverUrl(named ?? DEFAULT_SERVER, flags.server === undefined ? "PLUMB_SERVER" : "--server"),
    serverIsGiven: named !== undefined,
    token: await readToken(flags.tokenFile ?? nonEmpty(env["PLUMB_TOKEN_FILE"]), env["PLUMB_TOKEN"]),
    output: outputOf(OUTPUTS, flags.output),
    say: (words) => err(words),
  };
}

export function outputOf<T extends string>(outputs: readonly T[], text = "text"): T {
  const output = outputs.find((one) => one === text);
  if (output !== undefined) return output;
  const message = `there is no output format ${JSON.stringify(text)}; there are ${outputs.join(", ")}`;
  throw new PlumblineError("PL-USAGE", { message, where: "--output" });
}

function serverUrl(text: string, where: string): string {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") {
    return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  }
  const message = "the server is an http or https URL without user or password, such as http://127.0.0.1:8080";
  throw new PlumblineError(where === "--server" ? "PL-USAGE" : "PL-CONFIG-INVALID", { message, where });
}

async function readToken(file: string | undefined, plain: string | undefined): Promise<string | undefined> {
  if (file === undefined) return nonEmpty(plain?.trim());
  try {
    return nonEmpty((await readFile(file, "utf8")).trim());
  } catch (cause) {
    throw new PlumblineError("PL-CONFIG-UNREADABLE", { message: "the token file cannot be read", where: file, cause });
  }
}

/** An empty variable is one that is not set. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}

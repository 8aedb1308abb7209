import { createHash, timingSafeEqual } from "node:crypto";
import { FAILSAFE_SCHEMA, loadAll, YAMLException } from "js-yaml";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { globMatches } from "../kit/glob.ts";
import { PlumblineError } from "../model/index.ts";
import type { Authenticator, Caller } from "./caller.ts";

const TokenEntrySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 253 }),
    sha256: Type.String({ pattern: "^[0-9a-fA-F]{64}$" }),
    role: Type.Enum(["viewer", "operator"]),
    applications: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 320 }), { minItems: 1 })),
  },
  { additionalProperties: false },
);
const TokensSchema = Type.Array(TokenEntrySchema, { maxItems: 10_000 });

/** One bearer token: the hash of it, whose it is, what it may do, and (globs over `<namespace>/<name>`) with which applications. */
export type TokenEntry = Static<typeof TokenEntrySchema>;

/** What stands in the file for a token: hex SHA-256. Tokens are long and random, so that a slow hash would add nothing. */
export function hashToken(token: string): string {
  return digest(token).toString("hex");
}

function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/**
 * Reads a tokens file: a YAML or JSON list of `{ name, sha256, role, applications? }`. Every scalar is text, so that a hash
 * of digits alone stays what it is. An empty file has no tokens. `file` is for the errors. Errors: PL-CONFIG-INVALID.
 */
export function parseTokens(text: string, file: string): TokenEntry[] {
  const [parsed = [], ...more] = loadYaml(text, file);
  if (more.length > 0)
    throw new PlumblineError("PL-CONFIG-INVALID", {
      message: "the tokens file holds more than one document",
      where: file,
    });
  if (Value.Check(TokensSchema, parsed)) return parsed;
  const first = [...Value.Errors(TokensSchema, parsed)][0];
  const field = first?.instancePath ?? "";
  throw new PlumblineError("PL-CONFIG-INVALID", {
    message: `${field === "" ? "the file" : `entry ${field}`} ${first?.message ?? "is not a list of tokens"}`,
    where: file,
    next: "write a list of { name, sha256, role: viewer or operator, applications: [globs] }",
  });
}

/** The documents of the file: none where it holds comments alone. */
function loadYaml(text: string, file: string): unknown[] {
  try {
    return loadAll(text, { schema: FAILSAFE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    // The parser's own message quotes the file; its reason and line do not.
    const where = error.mark === undefined ? file : `${file}:${error.mark.line + 1}`;
    throw new PlumblineError("PL-CONFIG-INVALID", { message: `the tokens file is no YAML: ${error.reason}`, where });
  }
}

function callerOf({ name, role, applications }: TokenEntry): Caller {
  if (applications === undefined) return { name, role, fleet: true, sees: () => true };
  return {
    name,
    role,
    fleet: false,
    sees: (application) => applications.some((glob) => globMatches(glob, application)),
  };
}

/** `entries` is asked at each request, so that a file that was read again counts. Every entry is compared, in constant time each. */
export function createAuthenticator(entries: () => readonly TokenEntry[]): Authenticator {
  return {
    authenticate(token) {
      const presented = digest(token);
      let found: TokenEntry | undefined;
      for (const entry of entries()) {
        if (timingSafeEqual(presented, Buffer.from(entry.sha256, "hex"))) found = entry;
      }
      return found === undefined ? undefined : callerOf(found);
    },
  };
}

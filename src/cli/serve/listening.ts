import type { FastifyInstance } from "fastify";
import { PlumblineError } from "../../model/index.ts";
import { formatListen, type Listen } from "../settings/listen.ts";

/** Opens the address and gives it as a URL, with the port that was found for 0. Errors: PL-LISTEN-TAKEN, PL-CONFIG-INVALID. */
export async function listenAt(api: Pick<FastifyInstance, "listen">, listen: Listen): Promise<string> {
  const { host, port } = listen;
  try {
    return await api.listen({ port, host: host === "" ? "::" : host });
  } catch (error) {
    // A machine without IPv6 has every address of IPv4 all the same.
    if (host === "" && codeOf(error) === "EAFNOSUPPORT") return await listenAt(api, { host: "0.0.0.0", port });
    throw listenError(error, listen);
  }
}

/** What listening failed with, in the user's words. `flag` is the one that chooses the address. */
export function listenError(error: unknown, listen: Listen, flag = "--listen"): unknown {
  const where = formatListen(listen);
  const code = codeOf(error);
  if (code === "EADDRINUSE") {
    const message = "another program listens there";
    const next = `end the other program or choose another port with ${flag}`;
    return new PlumblineError("PL-LISTEN-TAKEN", { message, where, next, cause: error });
  }
  if (code === undefined) return error;
  const next = `choose another address with ${flag}`;
  return new PlumblineError("PL-CONFIG-INVALID", {
    message: `it cannot be listened at (${code})`,
    where,
    next,
    cause: error,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z]+$/.test(code) ? code : undefined;
}

import type { FastifyReply } from "fastify";
import { PlumblineError } from "../model/index.ts";
import type { Api } from "./options.ts";

/** Aborted when the server begins to close, before it waits for its requests: what waits long must end on it. */
export function closingSignal(app: Api): AbortSignal {
  const closing = new AbortController();
  app.addHook("preClose", async () => {
    closing.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "the server is stopping" }));
  });
  return closing.signal;
}

/** Aborted when the caller hangs up before it has its answer. */
export function requestSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) {
      gone.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "the caller hung up" }));
    }
  });
  return gone.signal;
}

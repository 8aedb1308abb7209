import { PlumblineError } from "../model/index.ts";
import { parseBody } from "./answer.ts";
import { answerError } from "./status-error.ts";
import type { Call, Transport } from "./transport.ts";

/** A cluster that is upgraded is known as such after this time at the latest. */
const GOOD_FOR_MS = 600_000;

/** The version of Kubernetes that a server says, asked for seldom. */
export class ServerVersion {
  readonly #transport: Transport;
  #known: { readonly text: string; readonly until: number } | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** As it was asked last. */
  get last(): string | undefined {
    return this.#known?.text;
  }

  /** Errors: PL-KUBE-*. */
  async ask(signal?: AbortSignal): Promise<string> {
    if (this.#known !== undefined && this.#known.until > performance.now()) return this.#known.text;
    const call: Call = { verb: "discovery", kind: "version", path: "/version", signal };
    const answer = await this.#transport.send(call);
    if (answer.status !== 200) throw answerError(answer, call);
    const { gitVersion } = parseBody(answer.text, call.path);
    if (typeof gitVersion !== "string") {
      const message = "the server does not say its version";
      throw new PlumblineError("PL-KUBE-UNEXPECTED", { message, where: call.path });
    }
    this.#known = { text: gitVersion, until: performance.now() + GOOD_FOR_MS };
    return gitVersion;
  }
}

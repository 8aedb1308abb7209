import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import { verifyHmacSha256 } from "../kit/hmac.ts";
import { PlumblineError } from "../model/index.ts";
import type { Delivery } from "../sync/index.ts";
import { genericDelivery, githubDelivery, parseDeliveryBody } from "./delivery.ts";
import type { Api, ApiOptions } from "./options.ts";

const BODY_LIMIT = 1_048_576;

/** Says how many applications use the repository, not which: whoever holds the secret need not know their names. */
const AcceptedSchema = Type.Object({ applications: Type.Integer() });

interface Hook {
  readonly url: string;
  readonly operationId: string;
  readonly summary: string;
  readonly signatureHeader: string;
  /** undefined: nothing to do for this delivery. */
  readonly read: (request: FastifyRequest, body: Uint8Array) => Delivery | undefined;
}

const HOOKS: readonly Hook[] = [
  {
    url: "/hooks/github",
    operationId: "githubHook",
    summary: "A push, as GitHub, Gitea and Forgejo send it, signed in X-Hub-Signature-256",
    signatureHeader: "x-hub-signature-256",
    read: (request, body) => {
      const parsed = parseDeliveryBody(body, isForm(request));
      return request.headers["x-github-event"] === "push" ? githubDelivery(parsed) : undefined;
    },
  },
  {
    url: "/hooks/generic",
    operationId: "genericHook",
    summary: "`{ repo, ref?, revision? }`, signed in X-Plumbline-Signature: sha256=HEX",
    signatureHeader: "x-plumbline-signature",
    read: (_request, body) => genericDelivery(parseDeliveryBody(body, false)),
  },
];

function isForm(request: FastifyRequest): boolean {
  return (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

/** A scope of their own: here a body stays the bytes that were signed, whatever its type says. */
export async function hooksRoutes(app: Api, options: ApiOptions): Promise<void> {
  await app.register(async (scope: Api) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );
    for (const hook of HOOKS) hookRoute(scope, options, hook);
  });
}

function hookRoute(scope: Api, options: ApiOptions, { url, operationId, summary, signatureHeader, read }: Hook): void {
  const schema = { operationId, summary, tags: ["webhooks"], response: { 202: AcceptedSchema } };
  scope.post(url, {
    schema,
    config: { access: "signed" },
    // Before the body is read: what cannot be accepted anyway is not waited for.
    onRequest: async (request) => {
      await currentSecret(options, request);
      signatureOf(request, signatureHeader);
    },
    handler: async (request, reply) => {
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const secret = await currentSecret(options, request);
      if (!verifyHmacSha256({ secret, body, signature: signatureOf(request, signatureHeader) })) {
        throw new PlumblineError("PL-WEBHOOK-SIGNATURE", {
          message: "the signature is not this body's",
          where: signatureHeader,
        });
      }
      const delivery = read(request, body);
      const applications = delivery === undefined ? 0 : options.control.delivered(delivery).length;
      return reply.code(202).send({ applications });
    },
  });
}

/** Errors: PL-WEBHOOK-DISABLED, where there is none or it cannot be read; why it cannot is for the log, not for the sender. */
async function currentSecret({ webhookSecret }: ApiOptions, request: FastifyRequest): Promise<string> {
  let secret: string | undefined;
  try {
    secret = await webhookSecret?.();
  } catch (error) {
    request.log.error({ err: error }, "the webhook secret cannot be read");
  }
  if (secret !== undefined && secret !== "") return secret;
  throw new PlumblineError("PL-WEBHOOK-DISABLED", { message: "this server takes no webhooks" });
}

/** Errors: PL-WEBHOOK-UNSIGNED. */
function signatureOf(request: FastifyRequest, header: string): string {
  const signature = request.headers[header];
  if (typeof signature === "string" && signature !== "") return signature;
  throw new PlumblineError("PL-WEBHOOK-UNSIGNED", { message: `the header ${header} is missing`, where: header });
}

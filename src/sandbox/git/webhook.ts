import { request } from "node:http";
import { signHmacSha256 } from "../../kit/hmac.ts";
import type { Push } from "./smart-http.ts";

export interface WebhookOptions {
  /** http, on loopback: where Plumbline takes webhooks, such as http://127.0.0.1:8080/hooks/github. */
  readonly url: string;
  readonly secret: string;
  /** URL of the repository with this name, as applications have it. */
  readonly repositoryUrl: (repo: string) => string;
}

/** Tells a push as GitHub does, signed in X-Hub-Signature-256. Rejects when it was not taken. Source: GitHub, "Webhook events and payloads". */
export async function postPush(push: Push, { url, secret, repositoryUrl }: WebhookOptions): Promise<void> {
  const { repo, ref, before, after } = push;
  const repository = { name: repo, clone_url: repositoryUrl(repo) };
  const body = Buffer.from(JSON.stringify({ ref, before, after, repository }));
  const headers = {
    "content-type": "application/json",
    "content-length": body.length,
    "x-github-event": "push",
    "x-hub-signature-256": signHmacSha256({ secret, body }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const sent = request(url, { method: "POST", headers, timeout: 10_000, agent: false }, (answer) => {
    answer.resume().once("end", () => resolve(answer.statusCode));
  });
  sent.once("error", reject).once("timeout", () => sent.destroy(new Error("no answer within 10 s")));
  sent.end(body);
  const status = await promise;
  if (status !== 202) throw new Error(`${url} answered ${status}`);
}

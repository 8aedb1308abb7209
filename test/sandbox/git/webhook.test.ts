import { createServer, type IncomingHttpHeaders } from "node:http";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { verifyHmacSha256 } from "../../../src/kit/hmac.ts";
import { closeServer, listenOnLoopback, type Push, postPush } from "../../../src/sandbox/index.ts";

const PUSH: Push = { repo: "apps", ref: "refs/heads/main", before: "1".repeat(40), after: "2".repeat(40) };
const secret = "a-secret";

interface Delivered {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Takes webhooks, and answers them with the status. */
async function receiver(status: number, delivered: Delivered[] = []): Promise<string> {
  const server = createServer(async (request, response) => {
    delivered.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(status).end();
  });
  const port = await listenOnLoopback(server, 0);
  onTestFinished(() => closeServer(server));
  return `http://127.0.0.1:${port}/hooks/github`;
}

const repositoryUrl = (repo: string): string => `http://127.0.0.1:3000/${repo}.git`;

test("a push is told as GitHub tells it, and signed", async () => {
  const delivered: Delivered[] = [];
  await postPush(PUSH, { url: await receiver(202, delivered), secret, repositoryUrl });
  const [{ headers, body } = { headers: {}, body: Buffer.alloc(0) }] = delivered;
  expect(JSON.parse(body.toString())).toEqual({
    ref: PUSH.ref,
    before: PUSH.before,
    after: PUSH.after,
    repository: { name: "apps", clone_url: "http://127.0.0.1:3000/apps.git" },
  });
  expect(headers).toMatchObject({ "x-github-event": "push", "content-type": "application/json" });
  expect(verifyHmacSha256({ secret, body, signature: String(headers["x-hub-signature-256"]) })).toBe(true);
});

test("a push that is not taken is an error, and so is nobody there", async () => {
  const refusing = await receiver(401);
  await expect(postPush(PUSH, { url: refusing, secret, repositoryUrl })).rejects.toThrow(`${refusing} answered 401`);
  const away = "http://127.0.0.1:1/hooks/github";
  await expect(postPush(PUSH, { url: away, secret, repositoryUrl })).rejects.toThrow("ECONNREFUSED");
});

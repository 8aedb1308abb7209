import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const SECRET = "a shared secret";
const REPO = "https://git.example/shop.git";

function signed(body: string | Buffer, secret = SECRET): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function startHooked(secret: string | undefined = SECRET) {
  return startApi({ webhookSecret: () => Promise.resolve(secret) }, [status("shop/web"), status("shop/api")]);
}

function github(body: string | Buffer, headers: Record<string, string> = {}) {
  const usual = { "content-type": "application/json", "x-github-event": "push", "x-hub-signature-256": signed(body) };
  return { method: "POST", url: "/hooks/github", payload: body, headers: { ...usual, ...headers } } as const;
}

function generic(body: string, headers: Record<string, string> = {}) {
  const usual = { "content-type": "application/json", "x-plumbline-signature": signed(body) };
  return { method: "POST", url: "/hooks/generic", payload: body, headers: { ...usual, ...headers } } as const;
}

const PUSH = JSON.stringify({
  ref: "refs/heads/main",
  after: "c".repeat(40),
  repository: {
    name: "shop",
    clone_url: REPO,
    html_url: "https://git.example/shop",
    ssh_url: "git@git.example:shop.git",
  },
});

test("a signed push is handed to the loop, and answered with a number and no names", async () => {
  const { api, control } = await startHooked();
  const response = await api.inject(github(PUSH));
  expect([response.statusCode, response.json()]).toEqual([202, { applications: 2 }]);
  expect(control.deliveries).toEqual([
    {
      urls: [REPO, "https://git.example/shop", "git@git.example:shop.git"],
      ref: "refs/heads/main",
      revision: "c".repeat(40),
    },
  ]);
});

test("a push may come as a form, from any Host, and with any type", async () => {
  const { api, control } = await startHooked();
  const form = new URLSearchParams({ payload: PUSH }).toString();
  const type = "application/x-www-form-urlencoded";
  const asForm = await api.inject(github(form, { "content-type": type, host: "hooks.example" }));
  const asText = await api.inject(github(PUSH, { "content-type": "text/plain" }));
  expect([asForm.statusCode, asText.statusCode, control.deliveries.length]).toEqual([202, 202, 2]);
});

test("a branch that was deleted has no revision; a ping is answered and nothing more", async () => {
  const { api, control } = await startHooked();
  await api.inject(
    github(JSON.stringify({ ref: "refs/heads/x", after: "0".repeat(40), repository: { clone_url: REPO } })),
  );
  expect(control.deliveries).toEqual([{ urls: [REPO], ref: "refs/heads/x" }]);
  const ping = await api.inject(github('{"zen":"Keep it logically awesome."}', { "x-github-event": "ping" }));
  expect([ping.statusCode, ping.json(), control.deliveries.length]).toEqual([202, { applications: 0 }, 1]);
});

test("the generic hook takes a repository, and perhaps a ref and a revision", async () => {
  const { api, control } = await startHooked();
  const response = await api.inject(generic(JSON.stringify({ repo: REPO, ref: "main" })));
  expect([response.statusCode, response.json()]).toEqual([202, { applications: 2 }]);
  expect(control.deliveries).toEqual([{ urls: [REPO], ref: "main" }]);
});

test.each([
  ["a wrong signature", github(PUSH, { "x-hub-signature-256": signed(PUSH, "other") }), 401, "PL-WEBHOOK-SIGNATURE"],
  ["a signature that is none", github(PUSH, { "x-hub-signature-256": "sha256=abc" }), 401, "PL-WEBHOOK-SIGNATURE"],
  ["a body that was changed", { ...github(PUSH), payload: `${PUSH} ` }, 401, "PL-WEBHOOK-SIGNATURE"],
  [
    "an unsigned body that is no JSON",
    github("{", { "x-hub-signature-256": signed("x") }),
    401,
    "PL-WEBHOOK-SIGNATURE",
  ],
  ["no signature", github(PUSH, { "x-hub-signature-256": "" }), 401, "PL-WEBHOOK-UNSIGNED"],
  ["the other hook's signature", { ...generic(PUSH), url: "/hooks/github" }, 401, "PL-WEBHOOK-UNSIGNED"],
  ["no JSON", github("{"), 400, "PL-WEBHOOK-BODY"],
  ["an empty body", github(""), 400, "PL-WEBHOOK-BODY"],
  ["a list", github("[]"), 400, "PL-WEBHOOK-BODY"],
  ["a compressed body", github(gzipSync(PUSH), { "content-encoding": "gzip" }), 400, "PL-WEBHOOK-BODY"],
  ["a push without a repository", github('{"__proto__":{"repository":{"clone_url":"x"}}}'), 400, "PL-WEBHOOK-BODY"],
  ["a generic body without a repository", generic('{"repo":7}'), 400, "PL-WEBHOOK-BODY"],
  ["a huge body", github("x".repeat(1_048_577)), 413, "PL-API-TOO-LARGE"],
] as const)("%s is refused, and the loop hears nothing", async (_what, request, expected, code) => {
  const { api, control } = await startHooked();
  const response = await api.inject(request);
  expect([response.statusCode, response.json().code]).toEqual([expected, code]);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(control.deliveries).toEqual([]);
});

test("without a secret, or with an empty one, no webhook is taken", async () => {
  for (const secret of [undefined, ""]) {
    const { api } = await startApi({ webhookSecret: () => Promise.resolve(secret) });
    const response = await api.inject(github(PUSH, { "x-hub-signature-256": signed(PUSH, secret ?? "") }));
    expect([response.statusCode, response.json().code]).toEqual([403, "PL-WEBHOOK-DISABLED"]);
  }
});

test("a secret that cannot be read is the log's affair: the sender learns no file name", async () => {
  const { api } = await startApi({ webhookSecret: () => Promise.reject(new Error("EACCES /etc/hook-secret")) });
  const response = await api.inject(github(PUSH));
  expect(response.json().code).toBe("PL-WEBHOOK-DISABLED");
  expect(response.body).not.toContain("/etc");
});

test("a renewed secret counts from the next delivery on", async () => {
  let secret = "old";
  const { api } = await startApi({ webhookSecret: () => Promise.resolve(secret) });
  expect((await api.inject(github(PUSH, { "x-hub-signature-256": signed(PUSH, "new") }))).statusCode).toBe(401);
  secret = "new";
  expect((await api.inject(github(PUSH, { "x-hub-signature-256": signed(PUSH, "new") }))).statusCode).toBe(202);
});

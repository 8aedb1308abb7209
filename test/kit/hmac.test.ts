import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { verifyHmacSha256 } from "../../src/kit/hmac.ts";

const body = Buffer.from('{"ref":"refs/heads/main"}');
const signature = createHmac("sha256", "secret").update(body).digest("hex");

test("the signature of the body under the secret is accepted, with and without its prefix, in either case", () => {
  for (const one of [signature, `sha256=${signature}`, signature.toUpperCase()])
    expect(verifyHmacSha256({ secret: "secret", body, signature: one })).toBe(true);
});

test("another secret, another body, half a signature, none, and text that is no hex are refused", () => {
  expect(verifyHmacSha256({ secret: "other", body, signature })).toBe(false);
  expect(verifyHmacSha256({ secret: "secret", body: Buffer.from("{}"), signature })).toBe(false);
  for (const one of [signature.slice(2), `${signature}00`, "", "sha256=", "sha1=abc", "z".repeat(64), "é".repeat(64)])
    expect(verifyHmacSha256({ secret: "secret", body, signature: one })).toBe(false);
});

test("an empty secret signs nothing", () => {
  const forged = createHmac("sha256", "").update(body).digest("hex");
  expect(verifyHmacSha256({ secret: "", body, signature: forged })).toBe(false);
});

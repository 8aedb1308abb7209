import { createHmac, timingSafeEqual } from "node:crypto";

export interface HmacClaim {
  readonly secret: string;
  /** The raw bytes as they came: parse them only after this says yes. */
  readonly body: Uint8Array;
  /** Hex, with or without "sha256=" before it, as GitHub's X-Hub-Signature-256 has it. */
  readonly signature: string;
}

/** Whether the signature is the body's under the secret. Takes the same time for every wrong one; an empty secret signs nothing. */
export function verifyHmacSha256({ secret, body, signature }: HmacClaim): boolean {
  const hex = signature.startsWith("sha256=") ? signature.slice("sha256=".length) : signature;
  if (secret === "" || !/^[0-9a-fA-F]{64}$/.test(hex)) return false;
  return timingSafeEqual(createHmac("sha256", secret).update(body).digest(), Buffer.from(hex, "hex"));
}

/** The signature of a body, as X-Hub-Signature-256 has it: "sha256=" and hex. */
export function signHmacSha256({ secret, body }: Pick<HmacClaim, "secret" | "body">): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

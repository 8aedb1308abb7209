import { createHmac } from "node:crypto";
import type { Stage } from "./stage.ts";

/** Tells Plumbline of a push, as a forge does; nobody waits for the answer, and a process that is just being killed gives none. */
export function tellOfPush({ plumbline, repository }: Stage): void {
  const body = JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: repository.url } });
  const signature = `sha256=${createHmac("sha256", plumbline.webhookSecret).update(body).digest("hex")}`;
  const headers = { "content-type": "application/json", "x-github-event": "push", "x-hub-signature-256": signature };
  plumbline.post("/hooks/github", body, headers).catch(() => undefined);
}

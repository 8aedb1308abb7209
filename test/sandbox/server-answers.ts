import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import type { ControlPlaneClient } from "../controlplane/index.ts";

interface Status {
  readonly reason?: string;
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { reason: string; field?: string; message: string }[] };
}

export interface Answered {
  readonly code: number;
  readonly status: Status;
  /** Without the number and the quotes. */
  readonly warnings: readonly string[];
}

interface Question {
  readonly method: "PATCH" | "POST";
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

/** One request to the real server, and what it says. */
export async function ask(plane: ControlPlaneClient, { method, path, type, body }: Question): Promise<Answered> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(plane.caFile) } });
  const headers = { authorization: `Bearer ${plane.token}`, "content-type": type };
  const answer = await request(new URL(path, plane.server), { method, headers, body, dispatcher });
  const status = (await answer.body.json()) as Status;
  await dispatcher.close();
  const lines = [answer.headers["warning"] ?? []].flat().join(", ");
  const quoted = Array.from(
    lines.matchAll(/299 - ("(?:[^"\\]|\\.)*")/g),
    ([, text = ""]) => JSON.parse(text) as string,
  );
  return { code: answer.statusCode, status, warnings: quoted };
}

import type { ApplicationAnswer } from "../../api/index.ts";
import { printable } from "../../kit/printable.ts";
import { saidSentences } from "../../report/index.ts";
import type { Host } from "../host.ts";
import type { ApiClient } from "./api-client.ts";
import { applicationPath } from "./application-name.ts";

/** Says on stderr that an application is pinned or suspended: what is shown of it reads otherwise then. */
export async function saySaid(host: Host, client: ApiClient, application: string): Promise<void> {
  const answer = await client.get<ApplicationAnswer>(applicationPath(application));
  for (const sentence of saidSentences(answer, host.now())) host.err(`${application} is ${printable(sentence)}\n`);
}

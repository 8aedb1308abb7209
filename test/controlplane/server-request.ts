import { readFileSync } from "node:fs";
import { request } from "node:https";
import { text } from "node:stream/consumers";

export interface ServerAccess {
  readonly server: string;
  readonly token: string;
  readonly caFile: string;
}

export interface ServerAnswer {
  readonly status: number;
  readonly body: string;
}

/** One request to the API server on a connection of its own, with JSON if there is a body. TLS is verified. */
export function askServer(access: ServerAccess, path: string, body?: object): Promise<ServerAnswer> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${access.token}`,
      "content-type": "application/json",
      connection: "close",
    };
    const call = request(new URL(path, access.server), {
      method: body === undefined ? "GET" : "POST",
      ca: readFileSync(access.caFile),
      headers,
      agent: false,
      timeout: 10_000,
    });
    call.on("error", reject);
    call.on("timeout", () => call.destroy(new Error(`no answer from ${path} within 10 s`)));
    call.on("response", (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode ?? 0, body: answer }), reject);
    });
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** As askServer, with the parsed body; throws unless the status is 2xx. */
export async function askServerJson(access: ServerAccess, path: string, body?: object): Promise<unknown> {
  const answer = await askServer(access, path, body);
  if (answer.status < 200 || answer.status > 299) throw new Error(`${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body);
}

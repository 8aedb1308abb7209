import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { ApiClient } from "../../src/cli/client/api-client.ts";

async function clientOf(answer: RequestListener) {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  const said: string[] = [];
  const { port } = server.address() as AddressInfo;
  const say = (words: string) => void said.push(words);
  return { said, client: new ApiClient({ server: `http://127.0.0.1:${port}`, token: undefined, say }) };
}

function problem(code: string): string {
  return JSON.stringify({ code, detail: "no replica works on shop/web at the moment", next: "ask again" });
}

test("an answer that is no new one is shown with its age, and what a list lacks is said once", async () => {
  const { client, said } = await clientOf(({ url = "" }, answer) => {
    answer.setHeader("plumbline-as-of", new Date(Date.now() - 90_000).toISOString());
    const next = url.includes("continue") ? {} : { next: "token" };
    answer.end(JSON.stringify({ items: [1], total: 2, incomplete: "without what replica b would tell", ...next }));
  });
  expect(await client.all("/list")).toEqual([1, 1]);
  expect(said).toEqual([
    "as it was 1m30s ago: the replica that works on it does not answer\n",
    "without what replica b would tell\n",
  ]);
});

test("what no replica does for a moment is asked again, and what may have been done is not", async () => {
  const asked: string[] = [];
  const { client, said } = await clientOf(({ method = "", url = "" }, answer) => {
    asked.push(`${method} ${url}`);
    if (asked.length === 1) answer.writeHead(503).end(problem("PL-REPLICA-MOVING"));
    else if (asked.length === 2) answer.end("{}");
    else answer.writeHead(503).end(problem("PL-REPLICA-AWAY"));
  });
  await client.post("/sync");
  await expect(client.post("/sync")).rejects.toMatchObject({ code: "PL-REPLICA-AWAY" });
  expect(asked).toEqual(["POST /sync", "POST /sync", "POST /sync"]);
  expect(said).toEqual(["waits: no replica works on shop/web at the moment\n"]);
});

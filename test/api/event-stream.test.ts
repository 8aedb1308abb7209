import { get, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import type { Api } from "../../src/api/options.ts";
import type { ReportStore } from "../../src/report/index.ts";
import { drifted, status } from "../report/statuses.ts";
import { startApi } from "./api-fixture.ts";

const PATH = "/api/v1/applications/shop/web/events";

/** A real connection: what matters here is when it ends. */
async function openStream(api: Api, headers: Record<string, string> = {}) {
  const base = api.server.listening ? api.listeningOrigin : await api.listen({ host: "127.0.0.1", port: 0 });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(`${base}${PATH}`, { headers: { accept: "text/event-stream", ...headers }, agent: false }, resolve).on(
    "error",
    reject,
  );
  const response = await promise;
  response.setEncoding("utf8");
  let text = "";
  const reader = response[Symbol.asyncIterator]();
  return {
    response,
    /** Everything so far, once `part` is among it. */
    async until(part: string): Promise<string> {
      while (!text.includes(part)) {
        const { value, done } = await reader.next();
        if (done === true) throw new Error(`the stream ended without ${part}`);
        text += value;
      }
      return text;
    },
    async end(): Promise<string> {
      for (let next = await reader.next(); next.done !== true; next = await reader.next()) text += next.value;
      return text;
    },
  };
}

function tell(report: ReportStore, message: string, application = "shop/web"): void {
  report.event({ application, type: "Normal", reason: "Told", message });
}

test("events come as they happen, those of other applications do not", async () => {
  const { api, report } = await startApi({}, [status("shop/web"), status("shop/api")]);
  const stream = await openStream(api);
  expect(stream.response.headers["content-type"]).toBe("text/event-stream");
  await stream.until("retry: 2000");
  tell(report, "not for you", "shop/api");
  report.put(drifted("shop/web"));
  const text = await stream.until("kubectl-edit");
  expect(text).toMatch(/id: \d+\nevent: DriftFound\ndata: \{/);
  expect(text).not.toContain("not for you");
});

test("a reader that comes back gets what it missed, oldest first", async () => {
  const { api, report } = await startApi({}, [status("shop/web")]);
  for (const message of ["first", "second", "third"]) tell(report, message);
  const last = String(report.events().items.at(-1)?.id);
  const text = await (await openStream(api, { "last-event-id": last })).until("third");
  expect(text).not.toContain("first");
  expect(text.indexOf("second")).toBeLessThan(text.indexOf("third"));
});

test("an id of an earlier process, and one of a clock that was ahead, make all events news", async () => {
  const { api, report } = await startApi({}, [status("shop/web")]);
  tell(report, "first");
  for (const last of ["5000", "9000000000000000"])
    await (await openStream(api, { "last-event-id": last })).until("first");
});

test("a stream ends when the application is another replica's, and says nothing more", async () => {
  const { api, report } = await startApi({}, [status("shop/web")]);
  const stream = await openStream(api);
  await stream.until("retry");
  report.remove("shop/web");
  tell(report, "too late");
  expect(await stream.end()).not.toContain("too late");
});

test("closing the server ends the streams", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const streams = [await openStream(api), await openStream(api)];
  for (const stream of streams) await stream.until("retry");
  const ended = Promise.all(streams.map((stream) => stream.end()));
  await api.close();
  await ended;
});

test("a quiet stream shows that it is alive", async () => {
  const { api } = await startApi({ heartbeatMs: 5 }, [status("shop/web")]);
  await (await openStream(api)).until(": alive");
});

test("more streams than are served are refused until one ends", async () => {
  const { api } = await startApi({}, [status("shop/web")]);
  const streams = [];
  for (let n = 0; n < 256; n++) streams.push(await openStream(api));
  const refused = await openStream(api);
  expect(refused.response.statusCode).toBe(503);
  expect(JSON.parse(await refused.end())).toMatchObject({ code: "PL-API-BUSY" });
  streams[0]?.response.destroy();
  await expect.poll(async () => (await openStream(api)).response.statusCode).toBe(200);
});

test("without asking for a stream the answer is a page, the newest first", async () => {
  const { api, report } = await startApi({}, [status("shop/web")]);
  for (const message of ["first", "second", "third"]) tell(report, message);
  const page = (await api.inject(`${PATH}?limit=2`)).json();
  expect(page.items.map((item: { message: string }) => item.message)).toEqual(["third", "second"]);
  expect((await api.inject(`${PATH}?continue=${page.next}`)).json().items).toMatchObject([{ message: "first" }]);
});

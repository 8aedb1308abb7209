import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Demo } from "../../src/cli/demo/demo-parts.ts";
import { playWalk } from "../../src/cli/demo/play.ts";
import { exitCodeOf } from "../../src/cli/exit-code.ts";
import { createReportStore } from "../../src/report/index.ts";
import { closeServer, listenOnLoopback } from "../../src/sandbox/index.ts";
import { temporaryFolder } from "./run-plumb.ts";

/** A demo whose Plumbline answers each request with this. */
async function demoThatAnswers(status: number, body: object): Promise<Demo> {
  const server = createServer((_request, response) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  const address = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
  onTestFinished(() => closeServer(server));
  const folder = temporaryFolder();
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = { clusters: [{ name: "none", cluster: { server: "http://127.0.0.1:1" } }] };
  const context = { contexts: [{ name: "none", context: { cluster: "none" } }], "current-context": "none" };
  writeFileSync(kubeconfig, JSON.stringify({ ...cluster, ...context, users: [] }));
  const report = createReportStore({ now: Date.now });
  const renderer = { whyMissing: () => undefined };
  const kubernetes = { words: "none", url: "", kubeconfig };
  return { address, report, folder, kubernetes, repository: "", renderer, lookAgain: () => {} };
}

async function failureOf(demo: Demo, signal = new AbortController().signal): Promise<unknown> {
  const narrator = { say: () => {} };
  return await playWalk(demo, { narrator, signal, stepMs: 200 }).catch((error: unknown) => error);
}

const FIRST_STEP = "both applications become Synced and Healthy";

test("a step that goes wrong is named, and the exit code is that of a failed run", async () => {
  const problem = { code: "PL-INTERNAL", detail: "it broke", next: "report it" };
  const failure = await failureOf(await demoThatAnswers(500, problem));
  expect(failure).toMatchObject({ code: "PL-DEMO-STEP", where: FIRST_STEP, message: "it broke" });
  expect(exitCodeOf("PL-DEMO-STEP")).toBe(3);
});

test("a step that is never seen is named, and the exit code says that time ran out", async () => {
  const failure = await failureOf(await demoThatAnswers(200, { items: [], total: 0 }));
  expect(failure).toMatchObject({ code: "PL-DEMO-TIMEOUT", where: FIRST_STEP, message: "not seen within 200ms" });
  expect(exitCodeOf("PL-DEMO-TIMEOUT")).toBe(4);
});

test("an interrupt is no failed step", async () => {
  const reason = new Error("ended by SIGINT");
  expect(await failureOf(await demoThatAnswers(200, { items: [], total: 0 }), AbortSignal.abort(reason))).toBe(reason);
});

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bench, expectCode, gitServer, look, recordingLog, sourceStore, textsOf } from "./workbench.ts";

/** A clock that the test moves. */
function clock(start = Date.UTC(2026, 0, 1)) {
  let time = start;
  return { now: () => time, pass: (ms: number) => (time += ms) };
}

test("a repository that stops answering keeps its last good revision, with the reason and since when", async () => {
  const { now, pass } = clock();
  const { log, text } = recordingLog();
  const { server, repo, store } = await bench(undefined, { now, log });
  const before = await look(store, { repo });
  server.fault = { kind: "status", status: 503, headers: { "retry-after": "7" } };
  pass(60_000);
  expect(await store.poll(repo.url)).toMatchObject({ changed: false, problem: { code: "PL-GIT-UNREACHABLE" } });
  pass(60_000);
  await store.poll(repo.url);
  const resolution = await store.resolve({ repo: repo.url, ref: "main" });
  expect(resolution).toMatchObject({
    revision: before.revision,
    checkedAt: "2026-01-01T00:00:00.000Z",
    stale: { since: "2026-01-01T00:01:00.000Z", problem: { code: "PL-GIT-UNREACHABLE", where: repo.url } },
  });
  expect(await textsOf(await store.snapshot({ repo: repo.url, path: "app" }, resolution))).toEqual({
    "app/a.yaml": "a: 1\n",
  });
  expect(text().match(/cannot be asked/g)).toHaveLength(1);
  server.fault = undefined;
  expect(await store.poll(repo.url)).toEqual({ changed: false });
  expect(await store.resolve({ repo: repo.url, ref: "main" })).not.toHaveProperty("stale");
  expect(text()).toContain("answers again");
});

test("a new ref of a repository that is away gets the reason, not a missing ref", async () => {
  const { server, repo, store } = await bench();
  await store.resolve({ repo: repo.url, ref: "main" });
  server.fault = { kind: "status", status: 500 };
  await expectCode(store.resolve({ repo: repo.url, ref: "other" }), "PL-GIT-UNREACHABLE");
  expect((await store.resolve({ repo: repo.url, ref: "main" })).stale?.problem.code).toBe("PL-GIT-UNREACHABLE");
});

test("a repository that never answered is asked once a poll, not once an application", async () => {
  const { server, repo, store } = await bench();
  server.fault = { kind: "status", status: 500 };
  await store.poll(repo.url);
  await expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-GIT-UNREACHABLE");
  server.requests.clear();
  for (let nth = 0; nth < 20; nth++)
    await expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-GIT-UNREACHABLE");
  expect(server.requests.all).toEqual([]);
});

test("a process that starts while the repository is away goes on with the refs and files of the one before", async () => {
  const { server, repo, store, dataDir } = await bench();
  await repo.tag("v1.0.0", { annotated: true });
  await repo.tag("v1.1.0", { annotated: true });
  for (const ref of ["1.x", "main"]) await look(store, { repo, ref });
  const at = Date.now();
  await store.close();
  server.fault = { kind: "status", status: 502 };
  const next = await sourceStore({ dataDir });
  const resolution = await next.resolve({ repo: repo.url, ref: "1.x" });
  expect(resolution).toMatchObject({ revision: await repo.head(), resolvedRef: "refs/tags/v1.1.0" });
  expect(resolution.stale?.problem.code).toBe("PL-GIT-UNREACHABLE");
  expect(Math.abs(Date.parse(resolution.checkedAt) - at)).toBeLessThan(10_000);
  expect(await textsOf(await next.snapshot({ repo: repo.url, path: "app" }, resolution))).toEqual({
    "app/a.yaml": "a: 1\n",
  });
  await expectCode(next.resolve({ repo: repo.url, ref: "never-asked" }), "PL-GIT-UNREACHABLE");
});

test("without the mirror, a process that starts while the repository is away says why it cannot", async () => {
  const { server, repo, store, dataDir } = await bench();
  await look(store, { repo });
  await store.close();
  await rm(join(dataDir, "git"), { recursive: true });
  server.fault = { kind: "status", status: 502 };
  await expectCode((await sourceStore({ dataDir })).resolve({ repo: repo.url, ref: "main" }), "PL-GIT-UNREACHABLE");
});

test("a server that is silent is given up after the timeout", async () => {
  const { server, repo, store } = await bench(undefined, { timeoutMs: 150 });
  server.fault = { kind: "hang" };
  await expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-GIT-TIMEOUT");
});

test("nobody listens: unreachable, with the reason's code", async () => {
  const server = await gitServer();
  const url = server.url("apps");
  await server.stop();
  const error = await expectCode((await sourceStore()).resolve({ repo: url, ref: "main" }), "PL-GIT-UNREACHABLE");
  expect(error.message).toContain("ECONNREFUSED");
});

test("what stands at the URL is no repository", async () => {
  const { server, store } = await bench();
  await expectCode(store.resolve({ repo: server.url("none"), ref: "main" }), "PL-GIT-NOT-FOUND");
  server.fault = { kind: "answer", contentType: "text/html", body: "<html>Sign in</html>" };
  await expectCode(store.resolve({ repo: server.url("page"), ref: "main" }), "PL-GIT-NOT-FOUND");
});

test("an answer that is not what Git sends is no answer", async () => {
  const { server, repo, store } = await bench();
  const contentType = "application/x-git-upload-pack-result";
  await store.resolve({ repo: repo.url, ref: "main" });
  for (const body of ["what is this", "0032not-an-id refs/heads/main\n0000", "00ff half a line"]) {
    server.fault = { only: "ls-refs", kind: "answer", contentType, body };
    expect((await store.poll(repo.url)).problem?.code).toBe("PL-GIT-CORRUPT");
    expect((await store.resolve({ repo: repo.url, ref: "main" })).revision).toBe(await repo.head());
  }
});

test("a caller that gives up does not end the request of the others", async () => {
  const { server, repo, store } = await bench();
  server.pause();
  const impatient = new AbortController();
  const given = store.resolve({ repo: repo.url, ref: "main" }, impatient.signal);
  const patient = store.resolve({ repo: repo.url, ref: "main" });
  impatient.abort(new Error("no time"));
  await expect(given).rejects.toThrow("no time");
  server.resume();
  expect((await patient).revision).toBe(await repo.head());
  expect(server.requests.count("ls-refs")).toBe(1);
});

test("close ends what is under way", async () => {
  const { server, repo, store } = await bench();
  server.pause();
  const waiting = expectCode(store.resolve({ repo: repo.url, ref: "main" }), "PL-PASS-CANCELLED");
  await store.close();
  await waiting;
});

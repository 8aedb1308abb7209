import { expect, test } from "vitest";
import { bench, gitServer, look, sourceStore, textsOf } from "./workbench.ts";

test("a poll is one ls-refs, whatever the number of applications and refs", async () => {
  const { server, repo, store } = await bench();
  for (let nth = 0; nth < 20; nth++) await repo.branch(`team-${nth}`);
  await store.poll(repo.url);
  await Promise.all(Array.from({ length: 20 }, (_, nth) => store.resolve({ repo: repo.url, ref: `team-${nth}` })));
  server.requests.clear();
  await store.poll(repo.url);
  for (let nth = 0; nth < 20; nth++) await store.resolve({ repo: repo.url, ref: `team-${nth}` });
  expect(server.requests.all.map((one) => one.operation)).toEqual(["ls-refs"]);
});

test("polls at the same moment share one request and its answer", async () => {
  const { server, repo, store } = await bench();
  await store.resolve({ repo: repo.url, ref: "main" });
  await store.poll(repo.url);
  await repo.commit({ "app/a.yaml": "a: 2\n" });
  server.requests.clear();
  const answers = await Promise.all(Array.from({ length: 50 }, () => store.poll(repo.url)));
  expect(server.requests.count("ls-refs")).toBe(1);
  expect(answers.every((one) => one.changed)).toBe(true);
});

test("only refs that begin like those asked for are sent", async () => {
  const { server, repo, store } = await bench();
  for (let nth = 0; nth < 50; nth++) await repo.git("update-ref", `refs/pull/${nth}/head`, "refs/heads/main");
  await store.resolve({ repo: repo.url, ref: "main" });
  const answer = server.requests.all.find((one) => one.operation === "ls-refs");
  expect(answer?.bytes).toBeLessThan(100);
});

test("a poll says changed when a ref that was asked for moved, and only then", async () => {
  const { repo, store } = await bench();
  await repo.branch("other");
  await store.resolve({ repo: repo.url, ref: "main" });
  expect(await store.poll(repo.url)).toEqual({ changed: true });
  expect(await store.poll(repo.url)).toEqual({ changed: false });
  await repo.commit({ "b.yaml": "b: 1\n" }, { branch: "other" });
  expect(await store.poll(repo.url)).toEqual({ changed: false });
  await repo.commit({ "b.yaml": "b: 1\n" });
  expect(await store.poll(repo.url)).toEqual({ changed: true });
  await repo.branch("gone");
  await repo.deleteRef("refs/heads/main");
  expect(await store.poll(repo.url)).toEqual({ changed: true });
});

test("a change that another application's question brought to light is still told by the next poll", async () => {
  const { repo, store } = await bench();
  await store.resolve({ repo: repo.url, ref: "main" });
  await store.poll(repo.url);
  await repo.commit({ "b.yaml": "b: 1\n" });
  await repo.tag("v1.0.0");
  await store.resolve({ repo: repo.url, ref: "v1.0.0" });
  expect(await store.poll(repo.url)).toEqual({ changed: true });
});

test("resolve asks nothing after a poll, and does not see a commit until the next one", async () => {
  const { server, repo, store } = await bench();
  const before = await store.resolve({ repo: repo.url, ref: "main" });
  await repo.commit({ "b.yaml": "b: 1\n" });
  server.requests.clear();
  expect(await store.resolve({ repo: repo.url, ref: "main" })).toEqual(before);
  expect(server.requests.all).toEqual([]);
});

test("a commit, a poll, a snapshot with the new files; only what differs comes over the wire", async () => {
  const big = Object.fromEntries(
    Array.from({ length: 300 }, (_, nth) => [`app/f-${nth}.yaml`, `n: ${nth}\n`.repeat(50)]),
  );
  const { server, repo, store } = await bench(big);
  const before = await look(store, { repo, path: "app" });
  await repo.commit({ "app/f-7.yaml": "changed: true\n", "app/f-8.yaml": null });
  const after = await look(store, { repo, path: "app" });
  expect(after.revision).toBe(await repo.head());
  expect(after.key).not.toBe(before.key);
  const texts = await textsOf(after);
  expect(texts["app/f-7.yaml"]).toBe("changed: true\n");
  expect(Object.keys(texts)).toHaveLength(299);
  const fetches = server.requests.all.filter((one) => one.operation === "fetch");
  expect(fetches).toHaveLength(2);
  expect(fetches[1]?.bytes).toBeLessThan((fetches[0]?.bytes ?? 0) / 5);
});

test("applications that want a new commit at once share one fetch", async () => {
  const { server, repo, store } = await bench();
  const resolution = await store.resolve({ repo: repo.url, ref: "main" });
  await Promise.all(Array.from({ length: 30 }, () => store.snapshot({ repo: repo.url, path: "app" }, resolution)));
  expect(server.requests.count("fetch")).toBe(1);
});

test("an old server that knows protocol v0 only works the same", async () => {
  const server = await gitServer({ protocolV2: false });
  const repo = await server.createRepository("old", { "a.yaml": "a: 1\n" });
  await repo.tag("v1.0.0", { annotated: true });
  const store = await sourceStore();
  expect((await look(store, { repo, ref: "v1.x" })).revision).toBe(await repo.head());
  await repo.commit({ "a.yaml": "a: 2\n" });
  expect(await textsOf(await look(store, { repo, ref: "HEAD" }))).toEqual({ "a.yaml": "a: 2\n" });
  expect(server.requests.count("ls-refs")).toBe(0);
});

test("each request is told with its kind and outcome", async () => {
  const seen: string[] = [];
  const { server, repo, store } = await bench(undefined, {
    onRequest: ({ operation, ok }) => seen.push(`${operation} ${ok}`),
  });
  await look(store, { repo });
  await repo.commit({ "b.yaml": "b: 1\n" });
  await look(store, { repo });
  server.fault = { kind: "status", status: 500 };
  await store.poll(repo.url);
  expect(seen.filter((one) => !one.startsWith("ls-refs"))).toEqual(["clone true", "fetch true"]);
  expect(seen.at(-1)).toBe("ls-refs false");
});

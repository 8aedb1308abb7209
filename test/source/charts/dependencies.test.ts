import { expect, test } from "vitest";
import { expectCode } from "../workbench.ts";
import { chartBench, clock } from "./charts-bench.ts";

test("an exact version that the last index has is not looked for again", async () => {
  const { now, pass } = clock();
  const { server, store, repo } = await chartBench({ now });
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  pass(3_600_000);
  expect((await store.chart({ repo, chart: "web", version: "1.1.0" })).version).toBe("1.1.0");
  expect(server.count("/charts/index.yaml")).toBe(1);
});

test("an exact version that the last index lacks, and a range, are looked for again, once a minute", async () => {
  const { now, pass } = clock();
  const { server, store, repo } = await chartBench({ now });
  const chart = (version: string) => store.chart({ repo, chart: "web", version });
  expect((await chart("^1")).version).toBe("1.2.0");
  server.add("web", "1.3.0");
  await expectCode(chart("1.3.0"), "PL-CHART-VERSION-MISSING");
  expect((await chart("^1")).version).toBe("1.2.0");
  expect(server.count("/charts/index.yaml")).toBe(1);
  pass(60_000);
  expect((await chart("1.3.0")).version).toBe("1.3.0");
  expect((await chart("^1")).version).toBe("1.3.0");
  expect(server.count("/charts/index.yaml")).toBe(2);
});

test("a repository that does not answer is asked again after five seconds, and what it said last counts meanwhile", async () => {
  const { now, pass } = clock();
  const { server, store, repo } = await chartBench({ now });
  server.answers.set("/charts/index.yaml", { status: 500 });
  const chart = () => store.chart({ repo, chart: "web", version: "^1" });
  await expectCode(chart(), "PL-CHART-UNREACHABLE");
  await expectCode(chart(), "PL-CHART-UNREACHABLE");
  expect(server.requests).toHaveLength(1);
  server.answers.clear();
  pass(5_000);
  expect((await chart()).version).toBe("1.2.0");
  server.answers.set("/charts/index.yaml", { status: 500 });
  pass(60_000);
  expect((await chart()).version).toBe("1.2.0");
});

test("what neither an application nor a dependency needs is forgotten; what one does is not asked for again", async () => {
  const { now, pass } = clock();
  const { server, store, repo } = await chartBench({ now });
  await store.resolve({ repo, chart: "web", ref: "^1" });
  const indexes = () => server.count("/charts/index.yaml");
  await store.retain([{ repo, chart: "web" }, "https://git.example/apps", { repo: "no url", chart: "x" }]);
  await store.resolve({ repo, chart: "web", ref: "^1" });
  expect(indexes()).toBe(1);
  await store.retain([]);
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  expect(indexes()).toBe(2);
  await store.retain([]);
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  expect(indexes()).toBe(2);
  pass(3_600_001);
  await store.retain(new Set<string>());
  await store.chart({ repo, chart: "web", version: "1.0.0" });
  expect(indexes()).toBe(3);
});

test("a caller that gives up does not end the request of the others, and close ends what is under way", async () => {
  const { server, store, repo } = await chartBench();
  const impatient = new AbortController();
  const request = { repo, chart: "web", version: "1.0.0" };
  const [given, patient] = [store.chart(request, impatient.signal), store.chart(request)];
  impatient.abort(new Error("no time"));
  await expect(given).rejects.toThrow("no time");
  expect((await patient).version).toBe("1.0.0");
  server.answers.set("/charts/web-1.1.0.tgz", "hang");
  const waiting = expectCode(store.chart({ ...request, version: "1.1.0" }), "PL-PASS-CANCELLED");
  await expect.poll(() => server.count("/charts/web-1.1.0.tgz")).toBe(1);
  await store.close();
  await waiting;
});

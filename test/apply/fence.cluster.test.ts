import { expect, test } from "vitest";
import { type Cluster, writingUnder } from "../../src/cluster/index.ts";
import { APPLIED_SET_ANNOTATION, type Manifest, PlumblineError, WRITER_ANNOTATION } from "../../src/model/index.ts";
import { describeCluster } from "../controlplane/index.ts";
import { Bench, outcomesOf } from "./applied.ts";

/** Three stages: access, config, services. */
function threeStages(bench: Bench, colour = "blue"): Manifest[] {
  const spec = { ports: [{ port: 80 }], selector: { app: "web" } };
  return [
    bench.manifest("v1", "ServiceAccount", "account"),
    bench.manifest("v1", "ConfigMap", "settings", { data: { colour } }),
    bench.manifest("v1", "Service", "web", { spec }),
  ];
}

/** The same, but for these. */
function instead<T extends object>(whole: T, parts: Partial<T>): T {
  return new Proxy(whole, {
    get: (target, name) => {
      const from = name in parts ? parts : target;
      const part: unknown = Reflect.get(from, name, from);
      return typeof part === "function" ? part.bind(from) : part;
    },
  });
}

/** `then` is done after an object of this kind was written, before anybody hears of it. */
function after(cluster: Cluster, kind: string, then: () => Promise<unknown>): Cluster {
  return instead(cluster, {
    apply: async (object, options) => {
      const answer = await cluster.apply(object, options);
      if (object.kind === kind) await then();
      return answer;
    },
  });
}

function withoutNews({ cluster }: Bench): Cluster {
  return instead(cluster, { live: instead(cluster.live, { onChange: () => () => {} }) });
}

async function writer(bench: Bench): Promise<string | undefined> {
  return (await bench.parent())?.metadata.annotations?.[WRITER_ANNOTATION];
}

describeCluster("one writer an application", () => {
  test("who is overtaken ends before the next stage, and says by whom", async () => {
    await using bench = await Bench.open();
    const planned = await bench.plan(threeStages(bench));
    const other = async () => expect(await bench.run(planned, { token: "b.1" })).toMatchObject({ whole: true });
    const cluster = after(withoutNews(bench), "ServiceAccount", other);
    const overtaken = await bench.run(planned, { token: "a.1", cluster });
    expect(overtaken).toMatchObject({ whole: false, problem: { code: "PL-FENCED" } });
    expect(overtaken.problem?.message).toContain("says that b.1 (number 2) writes now, and no longer a.1 (number 1)");
    expect(Object.fromEntries(outcomesOf(overtaken))).toEqual({
      account: "created",
      settings: "skipped",
      web: "skipped",
    });
    expect(await writer(bench)).toBe("2 b.1");
    expect((await bench.parent())?.metadata.annotations).toHaveProperty([APPLIED_SET_ANNOTATION]);
  });

  test("of two who have seen the same, one takes it", async () => {
    await using bench = await Bench.open();
    const planned = await bench.plan(threeStages(bench));
    const late = instead(bench.cluster, {
      live: instead(bench.cluster.live, { get: () => undefined }),
      get: async (...given) => {
        const seen = await bench.cluster.get(...given);
        if (seen === undefined) await bench.run(planned, { token: "b.1" });
        return seen;
      },
    });
    const lost = await bench.run(planned, { token: "a.1", cluster: late });
    expect(lost).toMatchObject({ whole: false, problem: { code: "PL-FENCED" } });
    expect(outcomesOf(lost).map(([, outcome]) => outcome)).toEqual(["skipped", "skipped", "skipped"]);
    expect(await writer(bench)).toBe("1 b.1");
  });

  test("what people write on the parent meanwhile ends nothing", async () => {
    await using bench = await Bench.open();
    const planned = await bench.plan(threeStages(bench));
    const person = () => bench.kubectl("annotate", "configmap", "default.bench", "note=by-hand");
    const result = await bench.run(planned, { token: "a.1", cluster: after(bench.cluster, "Service", person) });
    expect(result).toMatchObject({ whole: true });
    const { annotations } = (await bench.parent())?.metadata ?? {};
    expect(annotations).toMatchObject({ note: "by-hand", [WRITER_ANNOTATION]: "1 a.1" });
  });

  test("the parent is read once for each stage but the first, and not at all where there is one process", async () => {
    await using bench = await Bench.open();
    const reads: string[] = [];
    const cluster = instead(bench.cluster, {
      get: (ref, signal) => {
        reads.push(ref.name);
        return bench.cluster.get(ref, signal);
      },
    });
    const run = async (colour: string, token?: string) => {
      reads.length = 0;
      const planned = await bench.plan(threeStages(bench, colour));
      const result = await bench.run(planned, { cluster, ...(token === undefined ? {} : { token }) });
      expect(result).toMatchObject({ whole: true });
      return { reads: reads.length, writer: await writer(bench) };
    };
    expect(await run("blue")).toEqual({ reads: 0, writer: undefined });
    // Taken by the write that comes first anyway. Two stages write: nobody knows a Service's schema here.
    expect(await run("red", "a.1")).toEqual({ reads: 1, writer: "1 a.1" });
    // Still ours: that is read in place of being written.
    expect(await run("green", "a.1")).toEqual({ reads: 2, writer: "1 a.1" });
    await bench.kubectl("delete", "serviceaccount/account", "configmap/settings", "service/web");
    await expect.poll(() => bench.cluster.live.members(bench.applySetId).length).toBe(0);
    expect(await run("blue", "a.1")).toEqual({ reads: 3, writer: "1 a.1" });
    expect(await run("red")).toEqual({ reads: 0, writer: undefined });
  });

  test("another writer that the watch tells of ends everything at once, in the middle of a stage", async () => {
    await using bench = await Bench.open();
    const planned = await bench.plan(threeStages(bench));
    const ended = Promise.withResolvers<void>();
    const other = async (): Promise<void> => {
      await bench.kubectl("annotate", "configmap", "default.bench", "plumbline.dev/writer=9 b.1", "--overwrite");
      await ended.promise;
    };
    const cluster = after(bench.cluster, "ServiceAccount", other);
    const onEvent = () => ended.resolve();
    const result = await bench.run(planned, { token: "a.1", cluster, onEvent });
    expect(result).toMatchObject({ whole: false, problem: { code: "PL-FENCED" } });
    expect(await writer(bench)).toBe("9 b.1");
  });

  test("a deletion takes the application as well, and one that comes too late makes no parent anew", async () => {
    await using bench = await Bench.open();
    await bench.run(await bench.plan(threeStages(bench)), { token: "a.1" });
    const seen: (string | undefined)[] = [];
    const deletion = bench.deletion();
    const cluster = instead(bench.cluster, {
      delete: async (ref, options) => {
        seen.push(await writer(bench));
        return await bench.cluster.delete(ref, options);
      },
    });
    expect(await bench.run(deletion, { token: "b.1", cluster })).toMatchObject({ whole: true });
    expect(new Set(seen)).toEqual(new Set(["2 b.1"]));
    expect(await bench.parent()).toBeUndefined();
    const late = await bench.run(deletion, { token: "a.1" });
    expect(late).toMatchObject({ whole: false, problem: { code: "PL-FENCED" } });
    expect(await bench.parent()).toBeUndefined();
  });

  test("a right that is over in the middle ends everything at that write, and the audit log says who wrote", async () => {
    await using bench = await Bench.open();
    let writes = 0;
    const check = (): void => {
      if (++writes > 2) throw new PlumblineError("PL-FENCED", { message: "another replica has it" });
    };
    const cluster = writingUnder(bench.cluster, { writer: "a.1", check });
    const result = await bench.run(await bench.plan(threeStages(bench)), { token: "a.1", cluster });
    expect(result).toMatchObject({ whole: false, problem: { code: "PL-FENCED", message: "another replica has it" } });
    expect(outcomesOf(result).map(([, outcome]) => outcome)).toEqual(["created", "failed", "skipped"]);
    const written = await bench.plane.auditEvents({ namespace: bench.namespace, verbs: ["patch"] });
    expect(written.map(({ userAgent, objectRef }) => [userAgent, objectRef?.resource])).toEqual([
      ["plumbline a.1", "configmaps"],
      ["plumbline a.1", "serviceaccounts"],
    ]);
  });
});

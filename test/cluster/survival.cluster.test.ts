import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type ControlPlane, describeCluster, startControlPlane } from "../controlplane/index.ts";
import { kubeconfigThrough, startTcpProxy } from "../tcp-proxy/index.ts";
import { CONFIG_MAP, openCluster, until } from "./clusters.ts";
import { member, namesIn, tellings } from "./live-changes.ts";

describeCluster("a watch survives", () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  });
  afterAll(() => plane.stop());

  /** Follows ConfigMaps through a proxy; writes go past it. */
  async function following(settings: { readonly watchSilenceMs?: number } = {}) {
    const namespace = await plane.createNamespace();
    const set = `applyset-${namespace}`;
    const proxy = await startTcpProxy({ host: "127.0.0.1", port: Number(new URL(plane.server).port) });
    onTestFinished(() => proxy.close());
    const direct = await openCluster(plane.kubeconfigPath);
    for (const name of ["a", "b", "c"]) await direct.apply(member({ namespace, name, set }));
    const cluster = await openCluster(await kubeconfigThrough(proxy.port, plane.kubeconfigPath), settings);
    await cluster.live.follow(await cluster.resource(CONFIG_MAP), "members");
    await until(() => cluster.requests.some(({ verb }) => verb === "watch"), "the watch is open");
    const edit = (name: string, data: Record<string, string>) => direct.apply(member({ namespace, name, set, data }));
    const ref = (name: string) => ({ ...CONFIG_MAP, namespace, name });
    const dataOf = (name: string) => cluster.live.get(ref(name))?.["data"];
    return { set, proxy, direct, cluster, edit, ref, dataOf, told: tellings(cluster, set) };
  }

  test("a connection cut in the middle of an event", async () => {
    const { proxy, edit, dataOf, told } = await following();
    const large = "x".repeat(300_000);
    proxy.cutAfter(150_000);
    await edit("a", { large });
    await until(() => told.length > 0, "the event comes again");
    expect(proxy.cuts).toBe(1);
    expect(told).toEqual(["present a"]);
    expect(dataOf("a")).toEqual({ large });
  });

  test.each([1, 3000, 9000])("a connection cut %i bytes into the next events", async (bytes) => {
    const { proxy, edit, dataOf, direct, ref, cluster, set } = await following();
    proxy.cutAfter(bytes);
    await edit("a", { text: "ä".repeat(5000) });
    await edit("a", { text: "ö".repeat(5000) });
    await direct.delete(ref("b"));
    await until(() => namesIn(cluster, set).join() === "a,c", "the deletion is known");
    expect(dataOf("a")).toEqual({ text: "ö".repeat(5000) });
  });

  test("a connection that dies without a word", async () => {
    const { proxy, edit, dataOf } = await following({ watchSilenceMs: 1500 });
    proxy.silence();
    await edit("a", { after: "silence" });
    await until(() => JSON.stringify(dataOf("a")) === '{"after":"silence"}', "the change is seen on a new connection");
  });

  test("a server that is away says so, and what happened meanwhile is found", async () => {
    const { proxy, edit, direct, cluster, set, told, dataOf, ref } = await following();
    proxy.refuse();
    await until(() => cluster.live.broken().length > 0, "the watch is called broken");
    expect(cluster.live.broken()[0]).toMatchObject({ kind: "v1 ConfigMap", problem: { code: "PL-KUBE-UNREACHABLE" } });
    await edit("a", { changed: "meanwhile" });
    await direct.delete(ref("b"));
    await edit("d", { created: "meanwhile" });
    proxy.accept();
    await until(() => namesIn(cluster, set).join() === "a,c,d", "creation and deletion are known");
    await until(() => told.length === 3, "all three are told");
    expect([...told].sort()).toEqual(["gone b", "present a", "present d"]);
    expect(dataOf("a")).toEqual({ changed: "meanwhile" });
    expect(cluster.live.broken()).toEqual([]);
  });

  test("a killed server that comes back", async () => {
    const { edit, cluster, dataOf } = await following();
    await plane.killApiserver();
    await until(() => cluster.live.broken().length > 0, "the watch is called broken");
    await plane.startApiserver();
    await edit("a", { after: "the kill" });
    await until(() => JSON.stringify(dataOf("a")) === '{"after":"the kill"}', "the change is seen");
    expect(cluster.live.broken()).toEqual([]);
  });

  test("a version that the server has forgotten: all is listed again and compared", async () => {
    const { proxy, edit, direct, cluster, set, told, dataOf, ref } = await following();
    proxy.refuse();
    await edit("a", { changed: "before the compaction" });
    await direct.delete(ref("b"));
    await edit("d", { created: "before the compaction" });
    await plane.killApiserver();
    await plane.compactEtcd();
    await plane.startApiserver();
    cluster.requests.length = 0;
    proxy.accept();
    await until(() => namesIn(cluster, set).join() === "a,c,d", "creation and deletion are known");
    await until(() => told.length === 3, "all three are told");
    expect([...told].sort()).toEqual(["gone b", "present a", "present d"]);
    expect(dataOf("a")).toEqual({ changed: "before the compaction" });
    expect(cluster.requests.some(({ verb }) => verb === "list")).toBe(true);
  });
});

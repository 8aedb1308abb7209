import { expect, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { configMap } from "../e2e/manifests.ts";
import { until } from "../e2e/until.ts";
import { Loop } from "./loop.ts";

const files = { "web/a.yaml": configMap("a", { colour: "blue" }), "db/b.yaml": configMap("b", { size: "1" }) };
const observe = { observe: true };

describeCluster("polling", () => {
  test("asks a repository once an interval, that of its most impatient application, however many use it", async () => {
    await using loop = await Loop.open({ files, jitter: 0 });
    await loop.start(
      loop.application("web", { sync: { ...observe, interval: "1s" } }),
      loop.application("db", { sync: { ...observe, interval: "1h" } }),
    );
    await until("four polls", () => loop.polls.length >= 4);
    const [, ...regular] = loop.polls;
    const gaps = regular.slice(1).map((at, i) => at - (regular[i] ?? 0));
    for (const gap of gaps) expect(gap).toBeGreaterThan(900);
  });

  test("heeds a shorter interval at once", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: { ...observe, interval: "1h" } }));
    await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    const before = loop.polls.length;
    loop.sync.setApplications([loop.application("web", { sync: { ...observe, interval: "1s" } })]);
    await until("a poll by the new interval", () => loop.polls.length > before);
  });

  test("that is asked for while one runs is done once more after it, since its answer may be older than the push", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: observe }));
    await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    const begun = () => loop.git.requests.count("ls-refs");
    const before = begun();
    loop.git.pause();
    const { url } = loop.repository;
    expect(loop.sync.delivered({ urls: [url] })).toEqual(["default/web"]);
    await until("the poll to be under way", () => begun() === before + 1);
    loop.sync.delivered({ urls: [url] });
    const synced = loop.sync.sync("default/web");
    loop.git.resume();
    await synced;
    expect(begun()).toBe(before + 2);
  });

  test("of a repository that is away comes soon again, however long the interval", async () => {
    await using loop = await Loop.open({ files });
    loop.git.fault = { kind: "status", status: 500 };
    await loop.start(loop.application("web", { sync: { interval: "1h" } }));
    await loop.status("web", ({ problems }) => problems.some(({ code }) => code.startsWith("PL-GIT-")));
    loop.git.fault = undefined;
    await loop.synced("web");
  });

  test("of a repository that nobody follows is not done", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web", { sync: observe }));
    expect(loop.sync.delivered({ urls: ["https://git.example/other.git"] })).toEqual([]);
  });

  test("brings a commit to those whose files it touched, and its revision to the others", async () => {
    await using loop = await Loop.open({ files });
    await loop.start(loop.application("web"), loop.application("db"));
    await Promise.all([loop.synced("web"), loop.synced("db")]);
    const revision = await loop.repository.commit({ "web/a.yaml": configMap("a", { colour: "red" }) });
    loop.sync.delivered({ urls: [loop.repository.url] });
    for (const name of ["web", "db"])
      await loop.status(name, ({ source, sync }) => source.revision === revision && sync.status === "Synced");
    expect(loop.triggers("web")).toContain("webhook");
    expect(loop.triggers("db")).not.toContain("webhook");
  });
});

describeCluster("the next pass", () => {
  test("is on the clock, an interval away and moved by the jitter", async () => {
    const now = () => 1_000_000;
    await using loop = await Loop.open({ files, now, random: () => 0, jitter: 0.1 });
    await loop.start(loop.application("web", { sync: observe }));
    const { nextPassAt } = await loop.status("web", ({ lastPass }) => lastPass !== undefined);
    expect(nextPassAt).toBe(new Date(1_000_000 + 54_000).toISOString());
  });
});

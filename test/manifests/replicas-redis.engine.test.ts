import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/run-plumb.ts";
import { freePorts } from "../controlplane/ports.ts";
import { describeEngine } from "../engine/index.ts";
import { describeRedis } from "../redis/redis-server.ts";
import { at, containerOf, named, rendered, selects, settingsOf } from "./overlay.ts";

describeEngine("manifests/replicas-redis", () => {
  test("has the replicas find one another by a Redis that leads nowhere and to which they lead alone", async () => {
    const objects = await rendered("replicas-redis");
    const redis = named(objects, "Deployment", "plumbline-redis");
    const labels = at(redis, "spec", "template", "metadata", "labels");
    const own = at(named(objects, "Deployment", "plumbline"), "spec", "template", "metadata", "labels");
    expect(own).not.toMatchObject(Object(labels));
    expect(selects(named(objects, "NetworkPolicy", "plumbline-to-redis"), "egress")).toEqual({
      to: labels,
      port: 6379,
    });
    const policy = named(objects, "NetworkPolicy", "plumbline-redis");
    expect(selects(policy, "ingress")).toEqual({ to: own, port: 6379 });
    expect(at(policy, "spec", "egress") ?? []).toEqual([]);
    expect(at(named(objects, "Service", "plumbline-redis"), "spec", "selector")).toEqual(labels);
    const { replicas, listen } = await settingsOf(objects, ["replicas/token", "redis/password"]);
    const nodes = [{ host: "plumbline-redis", port: 6379 }];
    expect(replicas).toMatchObject({
      by: { kind: "redis", redis: { nodes, password: "a secret of the test" } },
      address: `http://10.1.2.3:${listen.port}`,
    });
  });

  describeRedis("its Redis", () => {
    test("asks for the password, forgets nothing by itself, and writes nothing to disk", async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, "password"), "a word of the test");
      const [port = 0] = await freePorts(1);
      const [shell = "", ...args] =
        containerOf(named(await rendered("replicas-redis"), "Deployment", "plumbline-redis")).command ?? [];
      const moved = args.map((text) => text.replaceAll("/tmp", folder).replaceAll("/etc/redis", folder));
      const script = `${moved.pop()?.trimEnd()} --port ${port} --bind 127.0.0.1`;
      const child = spawn(shell, [...moved, script], { stdio: ["ignore", "pipe", "inherit"] });
      const client = new Redis({ host: "127.0.0.1", port, password: "a word of the test", retryStrategy: () => 50 });
      const stranger = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 50 });
      for (const one of [client, stranger]) one.on("error", () => {});
      expect(await client.config("GET", "maxmemory-policy")).toEqual(["maxmemory-policy", "noeviction"]);
      expect(await client.config("GET", "save")).toEqual(["save", ""]);
      expect(await client.config("GET", "appendonly")).toEqual(["appendonly", "no"]);
      await expect(stranger.ping()).rejects.toThrow(/NOAUTH/);
      for (const one of [client, stranger]) one.disconnect();
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    });
  });
});

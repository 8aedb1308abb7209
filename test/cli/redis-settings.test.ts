import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { redisSettings } from "../../src/cli/settings/redis.ts";
import { temporaryFolder } from "./run-plumb.ts";

const read = (redis: string) => redisSettings({ redis });

test.each([
  ["redis://127.0.0.1:6380/2", { kind: "single", tls: false, nodes: [{ host: "127.0.0.1", port: 6380 }], db: 2 }],
  ["rediss://[::1]", { kind: "single", tls: true, nodes: [{ host: "::1", port: 6379 }] }],
  ["redis://plumb@redis/", { kind: "single", tls: false, nodes: [{ host: "redis", port: 6379 }], username: "plumb" }],
  [
    "redis+sentinel://a:1,b/shared/3",
    {
      ...{ kind: "sentinel", tls: false, master: "shared", db: 3 },
      nodes: [
        { host: "a", port: 1 },
        { host: "b", port: 26379 },
      ],
    },
  ],
  [
    "rediss+cluster://a:1,b:2",
    {
      ...{ kind: "cluster", tls: true },
      nodes: [
        { host: "a", port: 1 },
        { host: "b", port: 2 },
      ],
    },
  ],
])("%s is read", async (url, settings) => {
  expect(await read(url)).toEqual(settings);
});

test.each([
  ["http://redis", "none of the forms"],
  ["redis://a:1,b:2", "several hosts"],
  ["redis://a:99999", "no HOST:PORT"],
  ["redis://a/x", "no number"],
  ["redis+sentinel://a:1", "which master"],
  ["redis+cluster://a:1/2", "no numbered databases"],
])("%s is refused, with what is wrong", async (url, words) => {
  await expect(read(url)).rejects.toMatchObject({ code: "PL-CONFIG-INVALID", message: expect.stringContaining(words) });
});

test("a password comes from its file, and one in the URL is refused without being told", async () => {
  const file = join(temporaryFolder(), "password");
  writeFileSync(file, "s3cret-word\n");
  expect(await redisSettings({ redis: "redis://plumb@redis", redisPasswordFile: file })).toMatchObject({
    username: "plumb",
    password: "s3cret-word",
  });
  const refusal = await read("redis://plumb:s3cret-word@redis").catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "PL-CONFIG-INVALID" });
  expect(JSON.stringify(refusal) + String(refusal)).not.toContain("s3cret");
  const [redis, redisPasswordFile] = ["redis://redis", `${file}.gone`];
  await expect(redisSettings({ redis, redisPasswordFile })).rejects.toMatchObject({ code: "PL-CONFIG-UNREADABLE" });
  writeFileSync(redisPasswordFile, "\n");
  await expect(redisSettings({ redis, redisPasswordFile })).rejects.toMatchObject({ message: "it is empty" });
});

test("authorities to trust come from their file, where there is TLS", async () => {
  const redisCaFile = join(temporaryFolder(), "ca.pem");
  writeFileSync(redisCaFile, "PEM");
  expect(await redisSettings({ redis: "rediss://redis", redisCaFile })).toMatchObject({ tls: true, ca: "PEM" });
  await expect(redisSettings({ redis: "redis://redis", redisCaFile })).rejects.toMatchObject({
    code: "PL-CONFIG-INVALID",
  });
});

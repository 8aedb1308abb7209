import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startGitServer } from "./index.ts";

test("the same calls give the same commits, and git itself can read them over HTTP", async () => {
  const heads: string[] = [];
  for (let round = 0; round < 2; round++) {
    const server = await startGitServer();
    onTestFinished(() => server.stop());
    const repo = await server.createRepository("apps", { "a/b.yaml": "b: 1\n", link: { link: "a/b.yaml" } });
    const revision = await repo.commit({ "a/c.yaml": "c: 1\n", link: null });
    expect(await repo.git("ls-remote", repo.url, "refs/heads/main")).toBe(`${revision}\trefs/heads/main`);
    expect(await repo.git("ls-tree", "-r", "--name-only", "main")).toBe("a/b.yaml\na/c.yaml");
    expect(server.requests.count("ls-refs", "apps")).toBe(1);
    heads.push(revision);
  }
  expect(heads[0]).toBe(heads[1]);
});

test("stopping removes the repositories and lets paused requests go", async () => {
  const server = await startGitServer();
  const repo = await server.createRepository("apps", {});
  server.pause();
  const waiting = repo.git("ls-remote", repo.url).catch((error: unknown) => error);
  await server.stop();
  expect(await waiting).toBeInstanceOf(Error);
  await expect(readdir(dirname(repo.dir))).rejects.toThrow("ENOENT");
});

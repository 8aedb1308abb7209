import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bench, bench, expectCode, textsOf } from "./workbench.ts";

/** What `ref` would bring into main. */
async function proposed({ store, repo }: Bench, ref: string) {
  const main = await store.resolve({ repo: repo.url, ref: "main" });
  return await store.propose({ repo: repo.url, ref }, main);
}

async function shown(of: Bench, ref: string) {
  const { standing, snapshot } = await proposed(of, ref);
  return { standing, texts: await textsOf(await snapshot("app")) };
}

const FILES = { "app/a.yaml": "a: 1\n", "app/b.yaml": "b: 1\n", "other/c.yaml": "c: 1\n" };

test.each([false, true])(
  "a branch that is behind is merged by whole files, and the files of neither side are lost (server filters: %s)",
  async (filters) => {
    const one = await bench(FILES);
    await one.repo.git("config", "uploadpack.allowFilter", String(filters));
    await one.repo.branch("feature");
    await one.repo.commit({ "app/a.yaml": "a: 2\n", "app/new/n.yaml": "n: 1\n" }, { branch: "feature" });
    await one.repo.commit({ "app/b.yaml": "b: 2\n", "other/c.yaml": null });
    await one.repo.commit({ "app/new/m.yaml": "m: 1\n" });
    expect(await shown(one, "feature")).toEqual({
      standing: { kind: "merged", commits: 1, lacks: 2 },
      texts: { "app/a.yaml": "a: 2\n", "app/b.yaml": "b: 2\n", "app/new/m.yaml": "m: 1\n", "app/new/n.yaml": "n: 1\n" },
    });
    const { resolution, head, snapshot } = await proposed(one, "feature");
    expect(head).toBe(await one.repo.head("feature"));
    expect(resolution.revision).toBe(`${head.slice(0, 12)}+${(await one.repo.head()).slice(0, 12)}`);
    // As Git itself merges them.
    await one.repo.git("config", "merge.renames", "false");
    const tree = (await one.repo.git("merge-tree", "--write-tree", "main", "feature")).trim();
    const gits = (await one.repo.git("ls-tree", "-r", tree)).split("\n").map((line) => line.split(/[ \t]/).slice(2, 4));
    const ours = (await (await snapshot(".")).files()).map(({ oid, path }) => [oid, path]);
    expect(ours).toEqual(gits);
  },
);

test("a branch that has all of main is the merge itself; one that main has all of changes nothing", async () => {
  const one = await bench(FILES);
  await one.repo.branch("old");
  await one.repo.commit({ "app/b.yaml": "b: 2\n" });
  await one.repo.branch("feature");
  await one.repo.commit({ "app/a.yaml": "a: 2\n" }, { branch: "feature" });
  await one.repo.commit({ "app/a.yaml": "a: 3\n" }, { branch: "feature" });
  expect(await shown(one, "feature")).toEqual({
    standing: { kind: "ahead", commits: 2 },
    texts: { "app/a.yaml": "a: 3\n", "app/b.yaml": "b: 2\n" },
  });
  const contained = { standing: { kind: "contained" }, texts: { "app/a.yaml": "a: 1\n", "app/b.yaml": "b: 2\n" } };
  expect(await shown(one, "old")).toEqual(contained);
  expect(await shown(one, "main")).toEqual(contained);
});

test("a long-lived branch that took main in before is merged from there", async () => {
  const one = await bench(FILES);
  await one.repo.branch("long");
  await one.repo.commit({ "app/a.yaml": "a: 2\n" }, { branch: "long" });
  await one.repo.commit({ "app/b.yaml": "b: 2\n" });
  await one.repo.git("config", "user.email", "ada@example.com");
  await one.repo.git("config", "user.name", "Ada");
  const tree = (await one.repo.git("merge-tree", "--write-tree", "long", "main")).trim();
  const merge = (await one.repo.git("commit-tree", tree, "-p", "long", "-p", "main", "-m", "Take in")).trim();
  await one.repo.branch("long", merge);
  await one.repo.commit({ "app/b.yaml": "b: 3\n" });
  expect(await shown(one, "long")).toEqual({
    standing: { kind: "merged", commits: 2, lacks: 1 },
    texts: { "app/a.yaml": "a: 2\n", "app/b.yaml": "b: 3\n" },
  });
});

test("where both sides changed a file, or have nothing in common, the branch is shown as it is, with the count and the reason", async () => {
  const one = await bench(FILES);
  await one.repo.branch("feature");
  await one.repo.commit({ "app/a.yaml": "a: 2\n" }, { branch: "feature" });
  await one.repo.commit({ "app/a.yaml": "a: 3\n" });
  await one.repo.commit({ "app/b.yaml": "b: 3\n" });
  expect(await shown(one, "feature")).toEqual({
    standing: { kind: "unmerged", commits: 1, lacks: 2, why: "both changed app/a.yaml" },
    texts: { "app/a.yaml": "a: 2\n", "app/b.yaml": "b: 1\n" },
  });
  await one.repo.forcePush({ "app/z.yaml": "z: 1\n" }, { branch: "alien" });
  expect((await shown(one, "alien")).standing).toMatchObject({
    kind: "unmerged",
    why: "the two have no commit in common",
  });
});

test("tags and commits are taken as they are", async () => {
  const one = await bench(FILES);
  await one.repo.tag("v1.0.0", { annotated: true });
  const first = await one.repo.head();
  await one.repo.commit({ "app/a.yaml": "a: 2\n" });
  const expected = { standing: { kind: "as-it-is" }, texts: { "app/a.yaml": "a: 1\n", "app/b.yaml": "b: 1\n" } };
  expect(await shown(one, "v1.0.0")).toEqual(expected);
  expect(await shown(one, first)).toEqual(expected);
});

test("a ref that is not there is a coded error with the names that are nearest, and what strangers propose is no ref", async () => {
  const one = await bench();
  await one.repo.branch("feature/login");
  const missing = await expectCode(proposed(one, "feature/logn"), "PL-GIT-REF-MISSING");
  expect(missing.next).toBe("did you mean feature/login?");
  const short = await expectCode(proposed(one, (await one.repo.head()).slice(0, 8)), "PL-GIT-REF-MISSING");
  expect(short.next).toContain("40 digits");
  await one.repo.git("update-ref", "refs/pull/1/head", "main");
  await expectCode(proposed(one, "refs/pull/1/head"), "PL-GIT-REF-MISSING");
});

test("nothing of a proposal is followed: no poll asks for it, no ref of it is kept, no folder stays", async () => {
  const one = await bench(FILES);
  await one.store.poll(one.repo.url);
  await one.repo.branch("feature");
  await one.repo.commit({ "app/a.yaml": "a: 2\n" }, { branch: "feature" });
  await one.repo.commit({ "app/b.yaml": "b: 3\n" });
  await one.store.resolve({ repo: one.repo.url, ref: "main" });
  await one.store.poll(one.repo.url);
  await shown(one, "feature");
  await one.repo.commit({ "app/a.yaml": "a: 4\n" }, { branch: "feature" });
  expect(await one.store.poll(one.repo.url)).toEqual({ changed: false });
  const names = await readdir(join(one.dataDir, "git"));
  expect(names).toHaveLength(1);
  const refs = await readdir(join(one.dataDir, "git", names[0] ?? ""));
  expect(refs.filter((name) => name.includes("incoming"))).toEqual([]);
});

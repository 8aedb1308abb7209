import { expect, test } from "vitest";
import { bench, expectCode, look, textsOf } from "./workbench.ts";

test("a branch, a full ref, HEAD and a commit lead to the same revision, each with its own name", async () => {
  const { repo, store } = await bench();
  const head = await repo.head();
  const resolve = async (ref: string) => {
    const { revision, resolvedRef } = await store.resolve({ repo: repo.url, ref });
    return [revision, resolvedRef];
  };
  expect(await resolve("main")).toEqual([head, "refs/heads/main"]);
  expect(await resolve("refs/heads/main")).toEqual([head, "refs/heads/main"]);
  expect(await resolve("HEAD")).toEqual([head, "refs/heads/main"]);
  expect(await resolve(head.toUpperCase())).toEqual([head, head]);
});

test("a branch whose name has slashes is not mistaken for another that begins like it", async () => {
  const { repo, store } = await bench();
  await repo.branch("feature/a-longer");
  await expectCode(store.resolve({ repo: repo.url, ref: "feature/a" }), "PL-GIT-REF-MISSING");
  expect((await store.resolve({ repo: repo.url, ref: "feature/a-longer" })).resolvedRef).toBe(
    "refs/heads/feature/a-longer",
  );
});

test("an annotated tag leads to its commit, also a tag of a tag", async () => {
  const { repo, store } = await bench();
  await repo.tag("one", { annotated: true });
  await repo.tag("two", { annotated: true, at: "refs/tags/one" });
  const head = await repo.head();
  for (const ref of ["one", "two", "refs/tags/two"]) {
    expect((await store.resolve({ repo: repo.url, ref })).revision).toBe(head);
    expect((await look(store, { repo, ref, path: "app" })).revision).toBe(head);
  }
});

test("a range of versions takes the highest tag in it, whatever the v and the order", async () => {
  const { repo, store } = await bench();
  for (const tag of ["v1.2.3", "1.10.0", "v1.9.9", "v2.0.0", "v2.1.0-rc.1", "release-9", "v3.0.0-beta.1"]) {
    await repo.commit({ "version.yaml": `v: ${tag}\n` });
    await repo.tag(tag, { annotated: tag.startsWith("v1") });
  }
  const chosen = async (ref: string) => (await store.resolve({ repo: repo.url, ref })).resolvedRef;
  expect(await chosen("1.x")).toBe("refs/tags/1.10.0");
  expect(await chosen("~1.2")).toBe("refs/tags/v1.2.3");
  expect(await chosen(">=1.0.0 <1.10.0")).toBe("refs/tags/v1.9.9");
  expect(await chosen("*")).toBe("refs/tags/v2.0.0");
  expect(await chosen(">=2.1.0-0 <3")).toBe("refs/tags/v2.1.0-rc.1");
  expect(await chosen("1.2.3")).toBe("refs/tags/v1.2.3");
  await expectCode(store.resolve({ repo: repo.url, ref: "^4" }), "PL-GIT-REF-MISSING");
});

test("a branch that is called like a range is the branch", async () => {
  const { repo, store } = await bench();
  await repo.tag("v1.2.3");
  await repo.branch("1.x");
  expect((await store.resolve({ repo: repo.url, ref: "1.x" })).resolvedRef).toBe("refs/heads/1.x");
});

test("a branch and a tag of one name are ambiguous, and their full names are not", async () => {
  const { repo, store } = await bench();
  await repo.branch("stable");
  await repo.tag("stable");
  const error = await expectCode(store.resolve({ repo: repo.url, ref: "stable" }), "PL-GIT-REF-AMBIGUOUS");
  expect(error.message).toContain("refs/tags/stable");
  expect((await store.resolve({ repo: repo.url, ref: "refs/tags/stable" })).resolvedRef).toBe("refs/tags/stable");
});

test("a ref that no repository can have is missing, and spoils nobody else's answer", async () => {
  const { repo, store } = await bench();
  for (const ref of ["no-such", "a..b", "with space", "-x", "refs/heads/none", "line\nbreak"])
    await expectCode(store.resolve({ repo: repo.url, ref }), "PL-GIT-REF-MISSING");
  expect((await store.resolve({ repo: repo.url, ref: "main" })).revision).toBe(await repo.head());
});

test("a commit that no branch leads to any more is fetched by its id", async () => {
  const { repo, store } = await bench({ "a.yaml": "old: 1\n" });
  const old = await repo.head();
  await repo.forcePush({ "a.yaml": "new: 1\n" });
  expect(await textsOf(await look(store, { repo }))).toEqual({ "a.yaml": "new: 1\n" });
  expect(await textsOf(await look(store, { repo, ref: old }))).toEqual({ "a.yaml": "old: 1\n" });
});

test("a commit that is not in the repository is a missing ref, with what to do", async () => {
  const { repo, store } = await bench();
  const source = { repo: repo.url, ref: "0123456789012345678901234567890123456789", path: "." };
  const error = await expectCode(store.snapshot(source, await store.resolve(source)), "PL-GIT-REF-MISSING");
  expect(error.message).toContain(source.ref);
});

test("a tag on a file is no commit", async () => {
  const { repo, store } = await bench();
  await repo.tag("file", { at: "refs/heads/main:app/a.yaml" });
  const source = { repo: repo.url, ref: "file", path: "." };
  const error = await expectCode(store.snapshot(source, await store.resolve(source)), "PL-GIT-REF-MISSING");
  expect(error.message).toContain("is a blob");
});

test("an empty repository has no branch, and says so", async () => {
  const { server, repo, store } = await bench();
  const empty = await server.createRepository("empty", {});
  await empty.deleteRef("refs/heads/main");
  await expectCode(store.resolve({ repo: empty.url, ref: "HEAD" }), "PL-GIT-REF-MISSING");
  expect((await store.resolve({ repo: repo.url, ref: "main" })).revision).toBe(await repo.head());
});

test("more refs than one question can name are asked for by their folders", async () => {
  const { server, repo, store } = await bench();
  const wanted = Array.from({ length: 260 }, (_, nth) => `b-${nth}`);
  server.pause();
  const all = Promise.allSettled(wanted.map((ref) => store.resolve({ repo: repo.url, ref })));
  server.resume();
  expect((await all).every((one) => one.status === "rejected")).toBe(true);
  expect((await store.resolve({ repo: repo.url, ref: "main" })).revision).toBe(await repo.head());
});

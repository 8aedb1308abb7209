import { expect, test } from "vitest";
import { isLfsPointer } from "../../src/source/index.ts";
import { bench, expectCode, look, textsOf } from "./workbench.ts";

test("a snapshot tells the commit, and gives the files below the path in order", async () => {
  const { repo, store } = await bench({
    "app/b.yaml": "b: 1\n",
    "app/a/z.yaml": "z: 1\n",
    "app/a.yaml": "é",
    "other/c.yaml": "c: 1\n",
  });
  await repo.commit({ "app/b.yaml": "b: 2\n" }, { message: "Raise b\n\nBecause." });
  const snapshot = await look(store, { repo, path: "./app/" });
  expect(snapshot).toMatchObject({
    repo: repo.url,
    revision: await repo.head(),
    author: "Ada Author <ada@example.com>",
    subject: "Raise b",
    committedAt: "2023-11-14T22:13:21.000Z",
    path: "app",
    tree: await repo.git("rev-parse", "main:app"),
  });
  const files = await snapshot.files();
  expect(files.map(({ path, size }) => [path, size])).toEqual([
    ["app/a.yaml", 2],
    ["app/a/z.yaml", 5],
    ["app/b.yaml", 5],
  ]);
  expect(files[0]?.oid).toBe(await repo.git("rev-parse", "main:app/a.yaml"));
});

test("the root, a folder deep down and a single file are all paths", async () => {
  const { repo, store } = await bench({ "a/b/c/d.yaml": "d: 1\n", "top.yaml": "t: 1\n" });
  expect(Object.keys(await textsOf(await look(store, { repo, path: "." })))).toEqual(["a/b/c/d.yaml", "top.yaml"]);
  expect(Object.keys(await textsOf(await look(store, { repo, path: "" })))).toHaveLength(2);
  expect(await textsOf(await look(store, { repo, path: "a/b/c" }))).toEqual({ "a/b/c/d.yaml": "d: 1\n" });
  const file = await look(store, { repo, path: "a/b/c/d.yaml" });
  expect(await textsOf(file)).toEqual({ "a/b/c/d.yaml": "d: 1\n" });
  expect(file.tree).toBe(await repo.git("rev-parse", "main:a/b/c/d.yaml"));
});

test("a path that is missing, absolute or climbs is refused", async () => {
  const { repo, store } = await bench({ "app/a.yaml": "a: 1\n" });
  for (const path of ["nope", "app/a.yaml/b", "app/../app", "..", "/app", "APP"])
    await expectCode(look(store, { repo, path }), "PL-PATH-MISSING");
});

test("the key stays when a commit touches other folders, and moves with the path's own files", async () => {
  const { repo, store } = await bench({ "app/a.yaml": "a: 1\n", "other/b.yaml": "b: 1\n" });
  const first = await look(store, { repo, path: "app" });
  await repo.commit({ "other/b.yaml": "b: 2\n" });
  const second = await look(store, { repo, path: "app" });
  await repo.commit({ "app/a.yaml": "a: 2\n" });
  const third = await look(store, { repo, path: "app" });
  expect(second.revision).not.toBe(first.revision);
  expect(second.key).toBe(first.key);
  expect(third.key).not.toBe(first.key);
});

test("links to files and folders inside the repository are followed, and shown where the author sees them", async () => {
  const { repo, store } = await bench({
    "shared/config.yaml": "shared: 1\n",
    "shared/deep/x.yaml": { link: "../config.yaml" },
    "app/file.yaml": { link: "../shared/config.yaml" },
    "app/folder": { link: "../shared/deep" },
    current: { link: "app" },
  });
  const expected = { "app/file.yaml": "shared: 1\n", "app/folder/x.yaml": "shared: 1\n" };
  expect(await textsOf(await look(store, { repo, path: "app" }))).toEqual(expected);
  expect(Object.keys(await textsOf(await look(store, { repo, path: "current" })))).toEqual([
    "current/file.yaml",
    "current/folder/x.yaml",
  ]);
  expect(await textsOf(await look(store, { repo, path: "app/folder/x.yaml" }))).toEqual({
    "app/folder/x.yaml": "shared: 1\n",
  });
});

test("the key moves when what a link leads to changes, though the path's own tree does not", async () => {
  const { repo, store } = await bench({ "shared/x/c.yaml": "c: 1\n", "app/dir": { link: "../shared" } });
  const before = await look(store, { repo, path: "app" });
  await repo.commit({ "shared/x/c.yaml": "c: 2\n" });
  const after = await look(store, { repo, path: "app" });
  expect(after.tree).toBe(before.tree);
  expect(after.key).not.toBe(before.key);
});

for (const [what, link, code] of [
  ["up and out", "../../secrets", "PL-LINK-ESCAPES"],
  ["out and in again", "../../apps/app/a.yaml", "PL-LINK-ESCAPES"],
  ["to an absolute path", "/etc/passwd", "PL-LINK-ESCAPES"],
  ["to nothing", "gone.yaml", "PL-LINK-LOOP"],
  ["to itself", "bad", "PL-LINK-LOOP"],
  ["to its own folder", ".", "PL-LINK-LOOP"],
  ["to the folder above", "..", "PL-LINK-LOOP"],
  ["through a file", "a.yaml/x", "PL-LINK-LOOP"],
] as const) {
  test(`a link ${what} is refused with its path, when the files are asked for`, async () => {
    const { repo, store } = await bench({ "app/a.yaml": "a: 1\n", "app/bad": { link } });
    const snapshot = await look(store, { repo, path: "app" });
    expect((await expectCode(snapshot.files(), code)).where).toBe("app/bad");
    await repo.commit({ "app/bad": "good: 1\n" });
    const mended = await look(store, { repo, path: "app" });
    expect(mended.key).not.toBe(snapshot.key);
    expect(await textsOf(mended)).toEqual({ "app/a.yaml": "a: 1\n", "app/bad": "good: 1\n" });
  });
}

test("two links that lead to each other, and links that multiply folders, come to an end", async () => {
  const { repo, store } = await bench({ "app/a": { link: "b" }, "app/b": { link: "a" } });
  await expectCode((await look(store, { repo, path: "app" })).files(), "PL-LINK-LOOP");
  const levels = Array.from({ length: 20 }, (_, nth) => nth);
  const bomb = levels.flatMap((nth) =>
    ["x", "y", "z"].map((name) => [`l${nth}/${name}`, { link: `../l${nth + 1}` }] as const),
  );
  await repo.forcePush({ ...Object.fromEntries(bomb), "l20/file.yaml": "f: 1\n" });
  await expectCode((await look(store, { repo, path: "l0" })).files(), "PL-LINK-LOOP");
});

test("a submodule inside the path is refused; one elsewhere is nobody's business", async () => {
  const submodule = "0123456789012345678901234567890123456789";
  const { repo, store } = await bench({ "app/a.yaml": "a: 1\n", "lib/module": { submodule } });
  expect(await textsOf(await look(store, { repo, path: "app" }))).toEqual({ "app/a.yaml": "a: 1\n" });
  expect((await expectCode((await look(store, { repo, path: "lib" })).files(), "PL-SUBMODULE")).where).toBe(
    "lib/module",
  );
  await expectCode(look(store, { repo, path: "lib/module/deploy" }), "PL-SUBMODULE");
});

test("a Git LFS pointer is refused when it is read, with its path", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"ab".repeat(32)}\nsize 12345\n`;
  const { repo, store } = await bench({ "app/big.yaml": pointer, "app/small.yaml": "a: 1\n" });
  const files = await (await look(store, { repo, path: "app" })).files();
  expect(files).toHaveLength(2);
  expect((await expectCode(files[0]?.read() ?? Promise.resolve(), "PL-LFS")).where).toBe("app/big.yaml");
  expect(isLfsPointer(Buffer.from(pointer))).toBe(true);
  expect(isLfsPointer(Buffer.from(`# about\n${pointer}`))).toBe(false);
});

test("bytes come as they are, whatever they are and however large", async () => {
  const odd = Buffer.from([0, 255, 13, 10, 0xc3, 0x28]);
  const large = Buffer.alloc(6_000_000, "0123456789abcdef\n");
  const { repo, store } = await bench({ "odd.bin": odd, "large.txt": large, empty: "", "naïve name.yaml": "n: 1\n" });
  const files = await (await look(store, { repo })).files();
  const bytesOf = async (path: string) => Buffer.from((await files.find((one) => one.path === path)?.read()) ?? []);
  expect(files.find((one) => one.path === "large.txt")?.size).toBe(6_000_000);
  expect((await bytesOf("odd.bin")).equals(odd)).toBe(true);
  expect((await bytesOf("large.txt")).equals(large)).toBe(true);
  expect(await bytesOf("empty")).toHaveLength(0);
  expect((await bytesOf("naïve name.yaml")).toString()).toBe("n: 1\n");
});

test("every file of a long history of small changes reads as Git reads it", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 60 }, (_, nth) => [`f${nth}.yaml`, `line ${nth}\n`.repeat(400)]),
  );
  const { repo, store } = await bench(files);
  await look(store, { repo });
  for (let nth = 0; nth < 30; nth++) {
    const name = `f${nth % 7}.yaml`;
    await repo.commit({ [name]: `${files[name]}changed ${nth}\n`, [`new-${nth}.yaml`]: `${files[name]}new ${nth}\n` });
    await look(store, { repo });
  }
  const texts = await textsOf(await look(store, { repo }));
  const wanted = await repo.git("ls-tree", "-r", "--name-only", "main");
  expect(Object.keys(texts).sort()).toEqual(wanted.split("\n").sort());
  for (const name of Object.keys(texts)) expect(texts[name]?.trimEnd()).toBe(await repo.git("show", `main:${name}`));
});

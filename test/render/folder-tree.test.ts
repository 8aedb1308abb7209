import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folderTree } from "../../src/render/folder-tree.ts";
import { filesBelow } from "../../src/render/mounts.ts";
import { errorOf, expectCode } from "../source/workbench.ts";
import { repositoryOf } from "./rendering.ts";

const FILES = { "web/a.yaml": "a: 1\n", "web/deep/b.yaml": "b: 1\n", ".git/config": "token: hush\n" };

test("files and folders stand where they are, by their path in the folder", async () => {
  const tree = await folderTree(repositoryOf(FILES));
  expect(await tree.entry("web/a.yaml")).toMatchObject({ kind: "file", path: "web/a.yaml" });
  expect(await tree.entry(".")).toMatchObject({ kind: "folder", path: "." });
  expect(await filesBelow(tree, "web")).toEqual(["a.yaml", "deep/b.yaml"]);
});

test("nothing of Git's own folder is there, through a link either", async () => {
  const root = repositoryOf(FILES);
  symlinkSync("../.git/config", join(root, "web/config"));
  const tree = await folderTree(root);
  expect(await tree.entry(".git/config")).toBeUndefined();
  expect(await tree.entry("web/config")).toBeUndefined();
  expect(await filesBelow(tree, ".")).not.toContain(".git/config");
});

test.each(["/etc/hostname", "../../../../../../../../etc/hostname"])("a link to %s leads out", async (target) => {
  const root = repositoryOf(FILES);
  symlinkSync(target, join(root, "web/link"));
  const tree = await folderTree(root);
  const error = await expectCode(tree.entry("web/link"), "PL-LINK-ESCAPES");
  expect([error.where, error.message.includes(root)]).toEqual(["web/link", false]);
});

test("a path that climbs out of the folder is refused", async () => {
  const tree = await folderTree(repositoryOf(FILES));
  await expectCode(tree.entry("../../../../../../etc/hostname"), "PL-LINK-ESCAPES");
});

test("a link to itself is a circle, and the machine's folders are not named", async () => {
  const root = repositoryOf(FILES);
  symlinkSync("loop", join(root, "web/loop"));
  const error = await errorOf((await folderTree(root)).entry("web/loop"));
  expect([error.code, error.where, error.message]).toEqual(["PL-LINK-LOOP", "web/loop", "it cannot be read: ELOOP"]);
});

test("a text that is tried as a path is nothing, however long", async () => {
  const tree = await folderTree(repositoryOf(FILES));
  for (const text of ["x".repeat(5000), "web/a.yaml/below", "a\0b"]) expect(await tree.entry(text)).toBeUndefined();
});

test("folders of links that lead back to them are refused, and do not multiply", async () => {
  const root = repositoryOf(FILES);
  for (const name of ["one", "two", "three"]) symlinkSync(".", join(root, "web", name));
  await expect(filesBelow(await folderTree(root), "web")).rejects.toMatchObject({
    code: expect.stringMatching(/^PL-(RENDER-TOO-LARGE|LINK-LOOP)$/),
  });
});

test("links that double the files level by level are refused", async () => {
  const root = repositoryOf(FILES);
  for (let level = 0; level < 30; level++) {
    mkdirSync(join(root, `l${level}`));
    for (const name of ["a", "b"]) symlinkSync(`../l${level + 1}`, join(root, `l${level}`, name));
  }
  mkdirSync(join(root, "l30"));
  writeFileSync(join(root, "l30/f"), "");
  const error = await expectCode(filesBelow(await folderTree(root), "l0", 2000), "PL-RENDER-TOO-LARGE");
  expect(error.message).toBe("the folder has more than 2000 files and folders");
});

test("a file that is larger than anything that is read is not read", async () => {
  const root = repositoryOf(FILES);
  truncateSync(join(root, "web/a.yaml"), 2 ** 32);
  const entry = await (await folderTree(root)).entry("web/a.yaml");
  if (entry?.kind !== "file") throw new Error("it is a file");
  await expectCode(entry.read(), "PL-RENDER-TOO-LARGE");
});

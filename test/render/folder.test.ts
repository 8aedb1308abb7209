import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { renderFolder } from "../../src/render/index.ts";
import { configMap, findings } from "./decoding.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "plumb-render-"));
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}

test("everything below a folder but .git is rendered, in the order of paths", async () => {
  for (const path of ["b/c.yaml", "b.yaml", "a/z.yml", ".git/config.yaml", ".d/x.json"]) await write(path, configMap());
  const { manifests, problems } = await renderFolder(root);
  expect(problems).toEqual([]);
  expect(manifests.map(({ origin }) => relative(root, origin.file))).toEqual([
    ".d/x.json",
    "a/z.yml",
    "b.yaml",
    "b/c.yaml",
  ]);
});

test("one file may be given, whatever its ending", async () => {
  await write("web.txt", configMap());
  const path = join(root, "web.txt");
  expect((await renderFolder(path)).manifests[0]?.origin).toEqual({ repo: path, revision: "", file: path, line: 1 });
});

test("equal files give an equal key, others another", async () => {
  await write("a.yaml", configMap("  a: 1"));
  const { key } = await renderFolder(root);
  expect((await renderFolder(root)).key).toBe(key);
  await write("a.yaml", configMap("  a: 2"));
  expect((await renderFolder(root)).key).not.toBe(key);
});

test("links are followed; circles and dead ends are errors", async () => {
  await write("real/a.yaml", configMap());
  await symlink(join(root, "real"), join(root, "link"));
  expect((await renderFolder(join(root, "link"))).manifests).toHaveLength(1);
  await symlink(root, join(root, "real", "circle"));
  await expect(renderFolder(root)).rejects.toMatchObject({ code: "PL-LINK-LOOP" });
  await rm(join(root, "real", "circle"));
  await symlink(join(root, "nothing"), join(root, "dead.yaml"));
  await expect(renderFolder(root)).rejects.toMatchObject({ code: "PL-LINK-LOOP", where: join(root, "dead.yaml") });
});

test("an empty folder and a missing one each have their code", async () => {
  expect(findings({ problems: [...(await renderFolder(root)).problems] })).toEqual([`PL-PATH-EMPTY ${root}`]);
  await expect(renderFolder(join(root, "nothing"))).rejects.toMatchObject({ code: "PL-PATH-MISSING" });
});

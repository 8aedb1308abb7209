import { expect, test } from "vitest";
import { PlumblineError } from "../../src/model/index.ts";
import { type RenderResult, renderPlain } from "../../src/render/index.ts";
import { configMap, findings } from "./decoding.ts";
import { snapshotOf } from "./snapshots.ts";

const namesOf = ({ manifests }: RenderResult): string[] =>
  manifests.map(({ ref, origin }) => `${ref.name} ${origin.file}:${origin.line}`);
const codesOf = (result: RenderResult): string[] => findings({ problems: [...result.problems] });

test("every YAML and JSON file below the path counts, in the order of paths and documents", async () => {
  const result = await renderPlain(
    snapshotOf({
      "apps/web/.hidden/z.yml": configMap("", "z"),
      "apps/web/README.md": "# read me: [",
      "apps/web/a.yaml": `${configMap("", "a1")}---\n${configMap("", "a2")}`,
      "apps/web/b.json": '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}',
      "apps/web/c.YAML": "not: ours: [",
    }),
  );
  expect(codesOf(result)).toEqual([]);
  expect(namesOf(result)).toEqual([
    "z apps/web/.hidden/z.yml:1",
    "a1 apps/web/a.yaml:1",
    "a2 apps/web/a.yaml:7",
    "b apps/web/b.json:1",
  ]);
});

test("a path that is a file counts whatever its ending", async () => {
  const result = await renderPlain(snapshotOf({ "web.txt": configMap() }, { path: "web.txt" }));
  expect(namesOf(result)).toEqual(["settings web.txt:1"]);
});

test("problems of all files are gathered", async () => {
  const result = await renderPlain(
    snapshotOf({
      "apps/web/a.yaml": "a: b: c",
      "apps/web/b.yaml": configMap(),
      "apps/web/c.yaml": "kind: Pod",
      "apps/web/d.yaml": new PlumblineError("PL-LFS", { message: "a Git LFS pointer", where: "apps/web/d.yaml" }),
    }),
  );
  expect(codesOf(result)).toEqual([
    "PL-YAML-SYNTAX apps/web/a.yaml:1",
    "PL-MANIFEST-INCOMPLETE apps/web/c.yaml:1",
    "PL-LFS apps/web/d.yaml",
  ]);
});

test("no file of ours, or none with an object in it, is an empty path and an error", async () => {
  const readme = await renderPlain(snapshotOf({ "apps/web/README.md": "hello" }));
  expect(codesOf(readme)).toEqual(["PL-PATH-EMPTY apps/web"]);
  const comments = await renderPlain(snapshotOf({ "apps/web/a.yaml": "# later\n---\n" }));
  expect(codesOf(comments)).toEqual(["PL-PATH-EMPTY apps/web"]);
  expect(comments.problems[0]?.message).toBe("there is no object in 1 file below the path");
});

test("a file that is too large is never read, and its siblings are", async () => {
  const snapshot = snapshotOf({ "apps/web/a.yaml": "x".repeat(2000), "apps/web/b.yaml": configMap() });
  const result = await renderPlain(snapshot, { fileBytes: 1000 });
  expect(codesOf(result)).toEqual(["PL-YAML-TOO-LARGE apps/web/a.yaml"]);
  expect(snapshot.reads()).toBe(1);
});

test("an application is bounded in bytes and in objects", async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`apps/web/${i}.yaml`, configMap("", `c${i}`)]));
  expect(codesOf(await renderPlain(snapshotOf(files), { totalBytes: 100 }))).toEqual(["PL-YAML-TOO-LARGE apps/web"]);
  expect(codesOf(await renderPlain(snapshotOf(files), { documents: 8 }))).toEqual(["PL-YAML-TOO-MANY apps/web"]);
});

test("what is wrong with the revision is a problem; what may pass is thrown", async () => {
  const failing = (error: Error) => snapshotOf({}, { files: () => Promise.reject(error) });
  const link = new PlumblineError("PL-LINK-ESCAPES", { message: "out of the repository", where: "apps/web/x.yaml" });
  expect(codesOf(await renderPlain(failing(link)))).toEqual(["PL-LINK-ESCAPES apps/web/x.yaml"]);
  const away = new PlumblineError("PL-GIT-UNREACHABLE", { message: "no answer" });
  await expect(renderPlain(failing(away))).rejects.toBe(away);
});

import { expect, test } from "vitest";
import type { Reply } from "../../../src/render/wasm/protocol.ts";
import { SentFiles } from "../../../src/render/wasm/sent-files.ts";

const bytes = Buffer.from("a: 1\n");
const sent = new SentFiles(
  ["/@/web"],
  [
    ["/@/web/Chart.yaml", bytes],
    ["/@/web/templates/b.yaml", bytes],
    ["/@/web/templates/deep/a.yaml", bytes],
  ],
);

function names(op: "names" | "below", path: string): unknown {
  const reply: Reply | undefined = sent.answer({ op, path });
  return reply !== undefined && "content" in reply ? JSON.parse(String(reply.content)) : reply;
}

test("files that came along are read, and the others of their folder are missing", () => {
  expect(sent.answer({ op: "read", path: "/@/web/Chart.yaml" })).toEqual({ content: bytes });
  expect(sent.answer({ op: "read", path: "/@/web/values.yaml" })).toEqual({ missing: true });
  expect(sent.answer({ op: "read", path: "/@/web/templates" })).toEqual({ missing: true });
});

test("folders are known by the files in them", () => {
  expect(sent.answer({ op: "stat", path: "/@/web/templates/deep" })).toEqual({
    content: "folder /@/web/templates/deep",
  });
  expect(sent.answer({ op: "stat", path: "/@/web/templates/b.yaml" })).toEqual({
    content: "file /@/web/templates/b.yaml",
  });
  expect(sent.answer({ op: "stat", path: "/@/web/charts" })).toEqual({ missing: true });
  expect(names("names", "/@/web/templates")).toEqual(["b.yaml", "deep"]);
  expect(names("below", "/@/web")).toEqual(["Chart.yaml", "templates/b.yaml", "templates/deep/a.yaml"]);
});

test.each(["/@/webber/a", "/@/", "/@values/web/a", "/@/we"])("nothing is known of %s", (path) => {
  expect(sent.answer({ op: "read", path })).toBeUndefined();
});

test("a path that climbs is never another file", () => {
  expect(sent.answer({ op: "read", path: "/@/web/../secret" })).toEqual({ missing: true });
});

test("an empty folder that came whole is a folder", () => {
  const none = new SentFiles(["/@/empty"], []);
  expect(none.answer({ op: "stat", path: "/@/empty" })).toEqual({ content: "folder /@/empty" });
  expect(none.answer({ op: "below", path: "/@/empty" })).toEqual({ content: "[]" });
});

import { expect, test } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { isSameWriter, nextWriter, writerOn, writtenBy } from "../../src/plan/index.ts";

function parent(writer?: string): KubeObject {
  const annotations = { other: "1", ...(writer === undefined ? {} : { "plumbline.dev/writer": writer }) };
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "default.web", namespace: "a", annotations } };
}

test("who takes an application that nobody writes has number 1, and each other one the next", () => {
  const first = nextWriter(undefined, "a.1");
  const second = nextWriter(first, "b.1");
  const again = nextWriter(second, "a.1");
  expect([first, second, again]).toEqual([
    { number: 1, token: "a.1" },
    { number: 2, token: "b.1" },
    { number: 3, token: "a.1" },
  ]);
  expect(isSameWriter(first, again)).toBe(false);
});

test("who has it already keeps the number, so that nothing need be written", () => {
  const held = { number: 7, token: "a.1" };
  expect(nextWriter(held, "a.1")).toBe(held);
  expect(nextWriter(held, "a.2")).toEqual({ number: 8, token: "a.2" });
});

test("what is written on the parent is read as it was, beside what else stands there", () => {
  const written = writtenBy(parent(), { number: 42, token: "plumb-0/x.3" });
  expect(written.metadata.annotations).toEqual({ other: "1", "plumbline.dev/writer": "42 plumb-0/x.3" });
  expect(writerOn(written)).toEqual({ number: 42, token: "plumb-0/x.3" });
});

test("a parent without a writer is nobody's, and one that cannot be read is somebody's", () => {
  expect([writerOn(undefined), writerOn(parent())]).toEqual([undefined, undefined]);
  for (const text of ["", "a.1", "0 a.1", "1", "-1 a.1", "1 a b", "9999999999999999 a.1"]) {
    const writer = writerOn(parent(text));
    expect(writer).toEqual({ number: 0, token: text });
    expect(nextWriter(writer, "a.1").number).toBe(text === "a.1" ? 0 : 1);
  }
});

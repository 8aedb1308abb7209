import { describe, expect, test } from "vitest";
import { configMap, decodeText, findings } from "./decoding.ts";

const messagesOf = (text: string): string[] => decodeText(text).problems.map(({ message }) => message);

describe("a broken file is one problem with a code, file:line and a next step", () => {
  test.each([
    ["a tab as indentation", configMap("\ta: 1"), "PL-YAML-TAB", 5],
    ["a tab below spaces", configMap("  a: 1\n\tb: 1"), "PL-YAML-TAB", 6],
    ["a tab in a block scalar's indentation", configMap("  a: |\n    x\n\ty"), "PL-YAML-TAB", 7],
    ["two values in a line", configMap("  a: b: c"), "PL-YAML-SYNTAX", 5],
    ["a control character", configMap("  a: \u0001"), "PL-YAML-SYNTAX", 5],
    ["a null byte", configMap("  a: \0"), "PL-YAML-SYNTAX", 5],
    ["text behind a separator", `${configMap()}---x\n`, "PL-YAML-SYNTAX", 6],
    ["an alias of nothing", configMap("  a: *b"), "PL-YAML-SYNTAX", 5],
    ["a merge of no mapping", configMap("  <<:"), "PL-YAML-SYNTAX", 5],
    ["a value that does not fit its tag", configMap("  a: !!int x"), "PL-YAML-SYNTAX", 5],
    ["a key given twice", configMap("  a: 1\n  b: 1\n  a: 2"), "PL-YAML-DUPLICATE-KEY", 7],
    ["a key given twice in two spellings", configMap("  1: 1\n  '1': 2"), "PL-YAML-DUPLICATE-KEY", 6],
    ["the key __proto__", configMap("  __proto__: { a: 1 }"), "PL-YAML-KEY", 5],
    ["null as a key", configMap("  ~: 1"), "PL-YAML-KEY", 5],
    ["a list as a key", configMap("  [a]: 1"), "PL-YAML-KEY", 5],
    ["infinity", configMap("  a: .inf"), "PL-YAML-NUMBER", 5],
    ["a template as a value", configMap("  a: {{ .Values.a }}"), "PL-YAML-TEMPLATE", 5],
    ["a template as a line", configMap("  {{- if .Values.a }}\n  a: 1"), "PL-YAML-TEMPLATE", 5],
    ["a template in a text that breaks", configMap("  # {{ c }}\n  a: {{ .a }}-{{ .b }}"), "PL-YAML-TEMPLATE", 6],
    ["an anchor inside of itself", configMap("  a: &x\n    b: *x"), "PL-YAML-ALIASES", 6],
    ["a list for a document", "- a\n", "PL-MANIFEST-INVALID", 1],
    ["a text for a document", "# c\nhello\n", "PL-MANIFEST-INVALID", 2],
  ])("%s", (_, text, code, line) => {
    const decoded = decodeText(text);
    expect(findings(decoded)).toEqual([`${code} web.yaml:${line}`]);
    expect(decoded.problems[0]).toMatchObject({ next: expect.stringMatching(/./), retry: "revision" });
    expect(decoded.manifests.filter(({ origin }) => origin.line === 1 && code !== "PL-YAML-SYNTAX")).toEqual([]);
  });

  test("bytes that are not UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(configMap("  a: é")), Buffer.from([0x62, 0xff, 0xfe])]);
    expect(findings(decodeText(bytes))).toEqual(["PL-YAML-UTF8 web.yaml:6"]);
    expect(findings(decodeText(Buffer.from("kind: a", "utf16le").swap16()))).toHaveLength(1);
  });

  test("quotes around a template make it a text", () => {
    expect(decodeText(configMap('  a: "{{ $labels.instance }}"\n  b: |\n    {{ x }}')).problems).toEqual([]);
  });

  test("tabs before comments and inside of texts are fine", () => {
    expect(decodeText(configMap("  a: 1\t# c\n  b:\t2\n  c: x\ty")).problems).toEqual([]);
  });

  test("both lines of a key given twice are named", () => {
    expect(messagesOf(configMap("  a: { b: 1 }\n  c: 1\n  a: 2"))).toEqual([
      'the key "a" is given twice, in lines 5 and 7',
    ]);
  });

  test("all problems of a document are reported, and many are counted", () => {
    expect(findings(decodeText(configMap("  a: .nan\n  b: 1\n  b: 2\n  __proto__: 1")))).toHaveLength(3);
    const many = decodeText(configMap(Array.from({ length: 150 }, () => "  a: 1").join("\n"))).problems;
    expect(many).toHaveLength(100);
    expect(many.at(-1)?.message).toContain("and 49 more problems");
  });

  test("no message holds a value: it may be a Secret's", () => {
    const secret = "hunter2";
    const lines = [
      `!${secret}!x`,
      `*${secret}`,
      `!!int ${secret}`,
      `"${secret}`,
      `!<${secret} x`,
      `${secret}: ${secret}: y`,
    ];
    for (const line of lines) {
      const { problems } = decodeText(configMap(`  a: ${line}`));
      expect(problems).not.toEqual([]);
      expect(JSON.stringify(problems)).not.toContain(secret);
    }
  });
});

describe("a document that is no object of Kubernetes", () => {
  test("all that is missing is named", () => {
    expect(messagesOf("spec: {}\n")).toEqual(["apiVersion and kind and metadata.name are missing"]);
    expect(messagesOf("apiVersion: v1\nkind: Pod\nmetadata: {}\n")).toEqual(["metadata.name is missing"]);
    expect(findings(decodeText("\n\nkind: Pod\n"))).toEqual(["PL-MANIFEST-INCOMPLETE web.yaml:3"]);
  });

  test("a generated name cannot be applied declaratively, and the message says so", () => {
    const [problem] = decodeText("apiVersion: v1\nkind: Pod\nmetadata: { generateName: a- }\n").problems;
    expect(problem?.code).toBe("PL-MANIFEST-INCOMPLETE");
    expect(problem?.message).toContain("metadata.generateName makes a new object each time");
  });

  test.each([
    ["metadata: []", "metadata is a list, not a mapping"],
    ["metadata: { name: 123 }", "metadata.name is a number, not a text; put it in quotes"],
    ["metadata: { name: yes }", "metadata.name is a boolean, not a text; put it in quotes"],
    ["metadata: { name: a, namespace: [b] }", "metadata.namespace is a list, not a text"],
    ["metadata: { name: a, labels: [b] }", "metadata.labels is a list, not a mapping"],
    [
      "metadata: { name: a, labels: { version: 1.2 } }",
      'metadata.labels["version"] is a number, not a text; put it in quotes',
    ],
    [
      "metadata: { name: a, annotations: { b: } }",
      'metadata.annotations["b"] is null, not a text; write "" for an empty text',
    ],
  ])("%s", (metadata, message) => {
    const { problems, manifests } = decodeText(`apiVersion: v1\nkind: Pod\n${metadata}\n`);
    expect(problems.map(({ code, message: said }) => [code, said])).toEqual([["PL-MANIFEST-INVALID", message]]);
    expect(manifests).toEqual([]);
  });

  test("prototypes stay what they are, and their names are fine as keys", () => {
    const text = configMap("  constructor: { prototype: { x: 1 } }\n  toString: 2\n  hasOwnProperty: 3");
    const data = decodeText(text).manifests[0]?.object["data"];
    expect(Object.entries(data ?? {})).toEqual([
      ["constructor", { prototype: { x: 1 } }],
      ["toString", 2],
      ["hasOwnProperty", 3],
    ]);
    decodeText(configMap("  __proto__: { polluted: 1 }\n  <<: { __proto__: { polluted: 1 } }"));
    decodeText('{"__proto__":{"polluted":1}}', { file: "a.json" });
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

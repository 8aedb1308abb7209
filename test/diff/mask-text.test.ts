import { expect, test } from "vitest";
import { maskText } from "../../src/diff/index.ts";
import type { KubeObject } from "../../src/model/index.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const secret = (fields: object): KubeObject => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "s" },
  ...fields,
});

test("values of Secrets are masked in a text, as they are and in base64", () => {
  const plain = secret({ stringData: { password: "open sesame" } });
  const encoded = secret({ data: { key: base64("four-leaf clover") } });
  const text = `a open sesame b ${base64("open sesame")} c four-leaf clover d ${base64("four-leaf clover")}`;
  expect(maskText(text, [plain, encoded])).toBe("a (masked) b (masked) c (masked) d (masked)");
});

test("a value is found without the line end that it has, and in base64 with line ends", () => {
  const folded = `${base64("a-long-secret-value")}`.replace(/(.{10})/g, "$1\n");
  expect(maskText("say open sesame", [secret({ data: { a: base64("open sesame\n") } })])).toBe("say (masked)");
  expect(maskText("a-long-secret-value!", [secret({ data: { a: folded } })])).toBe("(masked)!");
});

test("of two values that begin alike, the longer one is masked whole", () => {
  const both = secret({ stringData: { a: "hunter", b: "hunter.2+(x)", c: "masked" } });
  expect(maskText("hunter.2+(x) and hunter", [both])).toBe("(masked) and (masked)");
});

test("a misspelt field of a Secret is taken for a secret, and nothing of its metadata is", () => {
  const odd = secret({ metadata: { name: "credentials" }, dta: { a: ["misplaced"] }, type: "example.com/kind" });
  expect(maskText("misplaced credentials of example.com/kind", [odd])).toBe("(masked) credentials of example.com/kind");
});

test("short values, other kinds and no objects leave a text as it is", () => {
  const short = secret({ stringData: { user: "admin", empty: "" } });
  const other: KubeObject = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "open sesame" },
  };
  expect(maskText("admin says open sesame", [short, other])).toBe("admin says open sesame");
  expect(maskText("open sesame", [])).toBe("open sesame");
});

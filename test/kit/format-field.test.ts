import { expect, test } from "vitest";
import { formatField } from "../../src/kit/format-field.ts";

test.for<readonly [string, string, string]>([
  ["", "", ""],
  ["/spec/replicas", "/spec/replicas", "spec.replicas"],
  [
    "/spec/template/spec/containers[name=web]/image",
    "/spec/template/spec/containers/0/image",
    "spec.template.spec.containers[name=web].image",
  ],
  ["/spec/ports[port=80,protocol=TCP]", "/spec/ports/3", "spec.ports[port=80,protocol=TCP]"],
  ["/metadata/finalizers[=example.com~1keep]", "/metadata/finalizers/0", "metadata.finalizers[=example.com/keep]"],
  [
    "/metadata/annotations/example.com~1team",
    "/metadata/annotations/example.com~1team",
    'metadata.annotations["example.com/team"]',
  ],
  ["/data/app.conf", "/data/app.conf", 'data["app.conf"]'],
  ["/data/my-key", "/data/my-key", "data.my-key"],
  ["/a~0b", "/a~0b", '["a~b"]'],
])("%s is spelt as kubectl explain does", ([path, pointer, text]) => {
  expect(formatField({ path, pointer })).toBe(text);
});

test("a name with brackets is a name, and a key with brackets is a key", () => {
  expect(formatField({ path: "/data/x[y=z]", pointer: "/data/x[y=z]" })).toBe('data["x[y=z]"]');
  expect(formatField({ path: "/list[name=a]b[]/value", pointer: "/list/0/value" })).toBe("list[name=a]b[].value");
});

test.for<readonly [string, string]>([
  ["/a/b", "/a"],
  ["/a", "/a/b"],
  ["/a/b", "/a/c"],
  ["a", "/a"],
])("a path that its pointer does not fit stays as it is: %s %s", ([path, pointer]) => {
  expect(formatField({ path, pointer })).toBe(path);
});

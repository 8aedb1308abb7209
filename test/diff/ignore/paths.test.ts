import { describe, expect, test } from "vitest";
import { formatPath } from "../../../src/diff/field-path.ts";
import { readJsonPath, readPointer } from "../../../src/diff/ignore/segments.ts";
import { rootSpot, select } from "../../../src/diff/ignore/spot.ts";
import { ANY_SCHEMA, type Json } from "../../../src/model/index.ts";

const OBJECT: Json = {
  metadata: { labels: { "a.b/c": "x", plain: "y" } },
  spec: {
    replicas: 3,
    ports: [
      { name: "http", port: 80, tls: false },
      { name: "https", port: 443, tls: true, hosts: ["a", "b"] },
      { port: 9000, note: null },
    ],
  },
};

function found(path: string): string[] {
  const segments = path.startsWith("/") ? readPointer(path) : readJsonPath(path);
  return select(segments, rootSpot(OBJECT, ANY_SCHEMA), { steps: 0 }).map((spot) => formatPath(spot.path));
}

describe("a JSONPath names what kubectl's would", () => {
  test.for<[string, string[]]>([
    [".spec.replicas", ["/spec/replicas"]],
    ["$.spec.replicas", ["/spec/replicas"]],
    ["{.spec.replicas}", ["/spec/replicas"]],
    ["{$.spec.replicas}", ["/spec/replicas"]],
    ["spec.replicas", ["/spec/replicas"]],
    [".spec['replicas']", ["/spec/replicas"]],
    ["$['spec'][\"replicas\"]", ["/spec/replicas"]],
    [".metadata.labels['a.b/c']", ["/metadata/labels/a.b~1c"]],
    [".metadata.labels.a\\.b/c", ["/metadata/labels/a.b~1c"]],
    [".metadata.labels.*", ["/metadata/labels/a.b~1c", "/metadata/labels/plain"]],
    [".spec.ports[1].port", ["/spec/ports/1/port"]],
    [".spec.ports[*].port", ["/spec/ports/0/port", "/spec/ports/1/port", "/spec/ports/2/port"]],
    [".spec.ports[name=https].port", ["/spec/ports/1/port"]],
    ['.spec.ports[?(@.name=="http")].port', ["/spec/ports/0/port"]],
    ["{.spec.ports[?(@.name == 'http')].port}", ["/spec/ports/0/port"]],
    [".spec.ports[?(@.port > 80 && @.port<=443)]", ["/spec/ports/1"]],
    [".spec.ports[?(@.port < 81 || @.port >= 9000)]", ["/spec/ports/0", "/spec/ports/2"]],
    [".spec.ports[?(!@.name)]", ["/spec/ports/2"]],
    [".spec.ports[?(@.note)]", ["/spec/ports/2"]],
    [".spec.ports[?(@.note == null)]", ["/spec/ports/2"]],
    [".spec.ports[?(@.tls == true)]", ["/spec/ports/1"]],
    [".spec.ports[?(@.hosts[1] == 'b')]", ["/spec/ports/1"]],
    [".spec.ports[?(@.name != 'http')]", ["/spec/ports/1", "/spec/ports/2"]],
    [".spec.ports[?(!(@.name == 'http' || @.name == 'https'))]", ["/spec/ports/2"]],
    [".spec.ports[?(@.name > 'http')]", ["/spec/ports/1"]],
    ['.spec.ports[?(@.port == "80")]', []],
    [".spec.nothing[*].here", []],
    [".spec.replicas.deeper", []],
    [".spec.ports.port", []],
  ])("%s", ([path, places]) => expect(found(path)).toEqual(places));
});

describe("a pointer names fields, positions and items by key", () => {
  test.for<[string, string[]]>([
    ["/spec/ports/1/port", ["/spec/ports/1/port"]],
    ["/spec/ports[name=https]/port", ["/spec/ports/1/port"]],
    ["/spec/ports/*/tls", ["/spec/ports/0/tls", "/spec/ports/1/tls"]],
    ["/metadata/labels/a.b~1c", ["/metadata/labels/a.b~1c"]],
    ["/spec/ports/01/port", []],
    ["/spec/ports/-1/port", []],
  ])("%s", ([path, places]) => expect(found(path)).toEqual(places));
});

describe("what cannot be read says where and why", () => {
  test.for<[string, RegExp]>([
    ["", /names no field, at character 1/],
    ["$", /names no field/],
    ["{.spec", /here should be }/],
    ["{.spec}.x", /nothing may follow/],
    ["..replicas", /looks everywhere.*at character 1$/],
    [".spec..replicas", /looks everywhere.*at character 6$/],
    [".spec.", /name of a field, at character 7/],
    [".spec replicas", /here should be \. or \[/],
    [".spec[-1]", /counted from 0/],
    [".spec[0:2]", /several names and ranges/],
    [".spec['a','b']", /several names and ranges/],
    [".spec[1.5]", /whole number/],
    [".spec[?(@.a==1)", /here should be \]/],
    [".spec[?(@.a==)]", /here should be @/],
    [".spec[?(1)]", /a value alone/],
    [".spec[?(@.a=1)]", /here should be \)/],
    [".spec[?(@..a)]", /only names and positions/],
    [".spec[?(@.a[*])]", /in brackets should be/],
    [".spec['a]", /in brackets should be/],
    [`.spec[?(${"(".repeat(50)}@.a`, /nested more than 16/],
    [`.spec[?(${"!".repeat(50)}@.a)]`, /nested more than 16/],
    [`.spec[?(${Array(100).fill("@.a").join("&&")})]`, /more than 64 terms/],
    [`.spec${"[?(@.a)]".repeat(9)}`, /more than 8 filters/],
    [`.a${".a".repeat(64)}`, /more than 64 parts/],
    [`.spec[?(@${".a".repeat(40)})]`, /more than 32 fields/],
    [`.${"a".repeat(5000)}`, /longer than 4096/],
  ])("%s", ([path, message]) => {
    expect(() => readJsonPath(path)).toThrow(
      expect.objectContaining({ code: "PL-IGNORE-INVALID", message: expect.stringMatching(message) }),
    );
  });

  test("a pointer to nothing", () => {
    for (const path of ["/", "spec", "", `/a${"/a".repeat(64)}`]) {
      expect(() => readPointer(path)).toThrow(expect.objectContaining({ code: "PL-IGNORE-INVALID" }));
    }
  });
});

import { describe, expect, test } from "vitest";
import { printComparison, toJsonPatch } from "../../src/diff/index.ts";
import type { FieldChange, Json } from "../../src/model/index.ts";
import { live, stamped, web } from "./server.ts";

const NOW = Date.parse("2026-01-02T00:00:00Z");
const ref = { group: "apps", version: "v1", kind: "Deployment", namespace: "shop", name: "web" };
const change = ({ path = "/a", pointer = path, ...more }: Partial<FieldChange>): FieldChange => {
  return { path, pointer, class: "drift", ...more };
};
const print = (...changes: FieldChange[]) => printComparison(ref, { changes }, { now: NOW });

describe("a printed comparison", () => {
  test("is nothing where nothing differs", () => {
    expect(print()).toBe("");
  });

  test("lines up its values and says who and when", () => {
    const changes = [
      change({ desired: 1, live: 2, manager: "kubectl", time: "2026-01-01T23:59:15Z" }),
      change({
        path: "/longer/path",
        class: "pending",
        live: "some text",
        manager: "plumbline",
        time: "2026-01-01T00:00:00Z",
      }),
      change({ path: "/f", class: "foreign", live: { a: 1 }, manager: "helm", time: "2025-12-30T00:00:00Z" }),
      change({ path: "/o", class: "pending", desired: ["[name=b]", "[name=a]"], live: ["[name=a]", "[name=b]"] }),
    ];
    expect(print(...changes)).toBe(
      [
        "~ Deployment shop/web",
        "    a            1 -> 2   drift, by kubectl 45s ago",
        "    longer.path  some text -> (absent)   pending",
        '    f            {"a":1}   foreign, by helm 3d ago',
        "    o            [name=b] moved to the front   pending",
        "",
      ].join("\n"),
    );
  });

  test("says what spec.foreign makes of a field of others", () => {
    const label = { path: "/metadata/labels/x", class: "foreign", live: "y", manager: "hand" } as const;
    expect(print(change({ ...label, policy: "count" }), change({ ...label, policy: "prune" }))).toBe(
      "~ Deployment shop/web\n    metadata.labels.x  y   foreign, counts as drift, by hand\n    metadata.labels.x  y   foreign, to be removed, by hand\n",
    );
  });

  test("of a long text shows the lines that differ, and says how many more there are", () => {
    const text = (word: string) =>
      Array.from({ length: 500 }, (_, line) => `${line % 4 === 0 ? word : line}\n`).join("");
    const printed = print(change({ path: "/data/a", desired: text("a"), live: text("b") })).split("\n");
    expect(printed).toHaveLength(64);
    expect(printed.at(-2)).toBe("      … 565 more lines: -o wide shows them");
  });

  test("of texts and objects made to be large stays small, and ends", () => {
    const blank = "\n".repeat(1_000_000);
    const words = Array.from({ length: 200_000 }, (_, line) => line.toString(36)).join("\n");
    let deep: Json = "x".repeat(200);
    for (let depth = 0; depth < 500; depth++) deep = { a: deep };
    for (const [desired, live] of [
      [blank, words],
      [words, words.split("\n").reverse().join("\n")],
      [deep, blank],
    ] as const) {
      expect(print(change({ path: "/data/a", desired, live })).length).toBeLessThan(30_000);
    }
  });

  test("of long values shows where they part", () => {
    const long = (end: string) => `${"x".repeat(200)}${end}${"y".repeat(200)}`;
    const printed = print(change({ desired: long("1"), live: long("2") }));
    expect(printed).toMatch(/\.\.\.x{24}1y+\.\.\. -> \.\.\.x{24}2y+\.\.\. {3}drift/);
  });

  test("tells a number from a text that looks like one", () => {
    expect(print(change({ desired: "5", live: 5 }))).toContain('"5" -> 5');
    expect(print(change({ desired: "true", live: "(absent)" }))).toContain('"true" -> "(absent)"');
  });

  test.for<readonly [string, readonly string[], readonly string[], string]>([
    ["one to the front", ["a", "b", "c"], ["c", "a", "b"], "[n=c] moved to the front"],
    ["one backwards", ["a", "b", "c"], ["b", "c", "a"], "[n=a] moved behind [n=c]"],
    [
      "all turned round",
      ["a", "b", "c", "d", "e"],
      ["e", "d", "c", "b", "a"],
      "[n=e] moved to the front, [n=d] moved behind [n=e], [n=c] moved behind [n=d] and 1 more",
    ],
  ])("tells the fewest moves: %s", ([, from, to, words]) => {
    const labels = (names: readonly string[]) => names.map((name) => `[n=${name}]`);
    expect(print(change({ desired: labels(from), live: labels(to) }))).toContain(`  ${words}   drift`);
  });

  test("of an object that is new, that was deleted or that goes is one line", () => {
    const whole = { path: "", desired: { a: 1 } } as const;
    expect(print(change({ ...whole, class: "pending" }))).toBe("+ Deployment shop/web   pending, new\n");
    expect(print(change(whole))).toBe("+ Deployment shop/web   drift, deleted in the cluster\n");
    expect(print(change({ path: "", live: { a: 1 }, class: "pending" }))).toBe(
      "- Deployment shop/web   pending, removed in Git\n",
    );
  });

  test("lets nothing of the cluster steer the terminal, and keeps long values short", () => {
    const text = print(change({ path: "/a\u001b[2J", live: `\u001b[31m\u202e${"x".repeat(200)}`, manager: "m\r\n" }));
    expect(["\u001b", "\u202e", "\r"].filter((character) => text.includes(character))).toEqual([]);
    expect(text.length).toBeLessThan(200);
  });
});

describe("the patch for what an apply would do", () => {
  const env = (...names: string[]) => stamped(web({ container: { env: names.map((name) => ({ name })) } }), "one");
  const list = "/spec/template/spec/containers/0/env";
  const label = "/spec/template/spec/containers[name=web]/env";

  test("sets, adds to lists, removes from their ends and ignores what is foreign", () => {
    const there = live(env("A", "B", "C"), { now: env("A", "B", "C") });
    const changes = [
      change({ path: `${label}[name=B]`, pointer: `${list}/1`, live: { name: "B" }, class: "pending" }),
      change({ path: `${label}[name=C]`, pointer: `${list}/2`, live: { name: "C" }, class: "pending" }),
      change({ path: `${label}[name=D]`, pointer: `${list}/1`, desired: { name: "D" }, class: "pending" }),
      change({ path: "/spec/replicas", pointer: "/spec/replicas", desired: 3, class: "pending" }),
      change({ path: "/spec/paused", pointer: "/spec/paused", live: true, class: "foreign" }),
    ];
    expect(toJsonPatch(there, changes).toSorted((a, b) => a.path.localeCompare(b.path))).toEqual([
      { op: "add", path: "/spec/replicas", value: 3 },
      { op: "replace", path: `${list}/1/name`, value: "D" },
      { op: "remove", path: `${list}/2` },
    ]);
  });

  test("moves items, and lets those of others go first, as the server does", () => {
    const order = change({
      path: label,
      pointer: list,
      desired: ["[name=B]", "[name=A]"],
      live: ["[name=A]", "[name=B]"],
    });
    expect(toJsonPatch(live(env("A", "X", "B")), [order])).toEqual([
      { op: "replace", path: `${list}/2/name`, value: "A" },
      { op: "replace", path: `${list}/1/name`, value: "B" },
      { op: "replace", path: `${list}/0/name`, value: "X" },
    ]);
  });

  test("of a missing object adds the whole", () => {
    expect(toJsonPatch(undefined, [change({ path: "", pointer: "", desired: { a: 1 } })])).toEqual([
      { op: "add", path: "", value: { a: 1 } },
    ]);
  });
});

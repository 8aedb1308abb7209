import { describe, expect, test } from "vitest";
import { compare, sidesOf, toJsonPatch } from "../../src/diff/index.ts";
import type { KubeObject, LiveObject } from "../../src/model/index.ts";
import { entryOf, live, stamped, web } from "./server.ts";
import { DEPLOYMENT, SECRET } from "./small-schema.ts";

const env = (...names: string[]) => web({ container: { env: names.map((name) => ({ name })) } });
const namesIn = (side: object | undefined) =>
  [...JSON.stringify(side).matchAll(/"env":(\[.*?\])/g)].flatMap(([, list]) =>
    JSON.parse(list ?? "[]").map(({ name }: { readonly name: string }) => name),
  );

/** What an apply of the second makes of a cluster in which the first was applied and `now` is there. */
function sides(before: KubeObject, after: KubeObject, now = before) {
  const [applied, desired] = [stamped(before, "one"), stamped(after, "two")];
  const there = live(applied, { now: stamped(now, "one") });
  const { changes } = compare({ desired, manifestHash: "two", live: there, schema: DEPLOYMENT, setApplied: true });
  return sidesOf(there, changes, desired);
}

describe("the two sides of an apply", () => {
  test.for<readonly [string, readonly string[], readonly string[], readonly string[], readonly string[]]>([
    ["a new item goes where the manifest has it", ["A", "B"], ["A", "N", "B"], ["A", "B"], ["A", "N", "B"]],
    ["items go into the manifest's order", ["A", "B", "C"], ["C", "A", "B"], ["A", "B", "C"], ["C", "A", "B"]],
    ["items of others keep their place ahead", ["A", "B"], ["A", "N", "B"], ["x", "A", "B"], ["x", "A", "N", "B"]],
    ["what is moved passes items of others", ["A", "B"], ["B", "A"], ["A", "x", "B"], ["x", "B", "A"]],
    ["removing by position removes what was meant", ["B", "A", "C"], ["C", "N"], ["B", "A", "C"], ["C", "N"]],
  ])("%s", ([, before, after, now, expected]) => {
    expect(namesIn(sides(env(...before), env(...after), env(...now)).after)).toEqual(expected);
  });

  test("an item's key that has a default is found without it", () => {
    const ports = (...list: object[]) => web({ container: { ports: JSON.parse(JSON.stringify(list)) } });
    const there = ports({ containerPort: 80, protocol: "TCP" });
    const { after } = sides(ports({ containerPort: 80 }), ports({ containerPort: 443 }, { containerPort: 80 }), there);
    expect(JSON.stringify(after)).toContain('"ports":[{"containerPort":443},{"containerPort":80,"protocol":"TCP"}]');
  });

  test("what goes in front of an item does not move what is written inside of it", () => {
    const pod = (...containers: object[]) => web({ pod: { containers: JSON.parse(JSON.stringify(containers)) } });
    const [old, app] = [{ name: "old" }, { name: "app", env: [{ name: "A" }] }];
    const { after } = sides(pod(old, app), pod({ ...app, env: [{ name: "N" }, { name: "A" }] }));
    expect(JSON.stringify(after)).toContain('"containers":[{"name":"app","env":[{"name":"N"},{"name":"A"}]}]');
  });

  test("texts that begin with a bracket are no order of items", () => {
    const args = (...list: string[]) => web({ container: { args: list } });
    const { after } = sides(args("[::]:80", "[::1]:81"), args("[::]:80", "[::1]:82"));
    expect(JSON.stringify(after)).toContain('"args":["[::]:80","[::1]:82"]');
  });

  test("keep what others brought and what the server added", () => {
    const there = {
      ...web({ replicas: 1, spec: { paused: true, progressDeadlineSeconds: 600 } }),
      status: { replicas: 1 },
    };
    const { before, after } = sides(web({ replicas: 1 }), web({ replicas: 2 }), there);
    expect(before).toMatchObject({ spec: { replicas: 1, paused: true, progressDeadlineSeconds: 600 } });
    expect(after).toMatchObject({ spec: { replicas: 2, paused: true, progressDeadlineSeconds: 600 } });
  });

  test("of a new object are one, and of one that goes the other", () => {
    const whole = { path: "", pointer: "", class: "pending" } as const;
    expect(sidesOf(undefined, [{ ...whole, desired: { a: 1 } }])).toEqual({ after: { a: 1 } });
    const goes = sidesOf(live(web()), [{ ...whole, live: {} }]);
    expect(goes.after).toBeUndefined();
    expect(goes.before).toMatchObject({ kind: "Deployment" });
    expect(toJsonPatch(live(web()), [{ ...whole, live: {} }])).toEqual([{ op: "remove", path: "" }]);
  });
});

test("a Secret's sides differ where the Secret does, and are the same where it is", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const secret = (data: { readonly [key: string]: string }): KubeObject =>
    stamped({ apiVersion: "v1", kind: "Secret", metadata: { name: "pass", namespace: "shop" }, data }, "one");
  const wanted = secret({ user: base64("admin"), word: base64("horse") });
  const others = [entryOf("eve", { "f:data": { "f:door": {}, "f:user": {} } })];
  const now = secret({ user: base64("mallory"), word: base64("horse"), door: base64("open") });
  const there: LiveObject = live(wanted, { schema: SECRET, now, lost: [["f:data", "f:user"]], others });
  const { changes } = compare({ desired: wanted, manifestHash: "one", live: there, schema: SECRET, setApplied: true });
  const { before, after } = sidesOf(there, changes, wanted);
  expect(before?.["data"]).toEqual({ user: "(masked B)", word: "(masked)", door: "(masked)" });
  expect(after?.["data"]).toEqual({ user: "(masked A)", word: "(masked)", door: "(masked)" });
});

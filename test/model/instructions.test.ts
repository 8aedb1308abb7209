import { describe, expect, test } from "vitest";
import { expiresIn, instructionsInForce, readInstructions } from "../../src/model/index.ts";

const AT = "2026-03-01T10:00:00.000Z";
const pin = { revision: "3f2a1c9", reason: "bad release", by: "ann", at: AT, until: "2026-03-01T12:00:00Z" };
const suspended = { reason: "node maintenance", by: "ben", at: AT };
const approved = { plan: "a".repeat(64), by: "cid", at: AT };
const read = (name: string, value: unknown) =>
  readInstructions({ [`plumbline.dev/${name}`]: typeof value === "string" ? value : JSON.stringify(value) });

describe("what people tell Plumbline of an application", () => {
  test("is read from the three annotations of its ApplySet parent, and other annotations are none", () => {
    const annotations = {
      "plumbline.dev/pin": JSON.stringify(pin),
      "plumbline.dev/suspended": JSON.stringify(suspended),
      "plumbline.dev/approved": JSON.stringify(approved),
      "plumbline.dev/application": "shop/web",
    };
    expect(readInstructions(annotations)).toEqual({ instructions: { pin, suspended, approved }, ignored: [] });
    expect(readInstructions(undefined)).toEqual({ instructions: {}, ignored: [] });
  });

  test("may have fields of a later version, which count for nothing", () => {
    expect(read("pin", { ...pin, ticket: "OPS-1" }).instructions).toEqual({ pin });
  });

  test.each([
    ["no JSON", "pin", "3f2a1c9", "it is no JSON object"],
    ["a list", "pin", "[]", "it is no JSON object"],
    ["an empty text", "suspended", "", "it is no JSON object"],
    ["a missing field", "pin", { ...pin, by: undefined }, "its field by is missing or not as it must be"],
    ["a revision that is an option", "pin", { ...pin, revision: "--upload-pack=x" }, "its field revision "],
    ["a revision that climbs", "pin", { ...pin, revision: "../../x" }, "its field revision "],
    ["a number for a text", "suspended", { ...suspended, reason: 7 }, "its field reason "],
    ["a line end in the reason", "suspended", { ...suspended, reason: "a\nb" }, "its field reason "],
    ["an escape sequence in the name", "suspended", { ...suspended, by: "\u001b[2J" }, "its field by "],
    ["a reason that is too long", "suspended", { ...suspended, reason: "x".repeat(501) }, "its field reason "],
    ["no time", "pin", { ...pin, until: "tomorrow" }, "its field until "],
    ["a time that there is not", "pin", { ...pin, until: "2026-13-01T10:00:00Z" }, "its field until "],
    ["a hash that is none", "approved", { ...approved, plan: "yes" }, "its field plan "],
    ["megabytes", "pin", "x".repeat(100_000), "it is longer than 4096 characters"],
    [
      "what is no own field",
      "suspended",
      '{"__proto__":{"reason":"a","by":"b","at":"2026-03-01T10:00:00Z"}}',
      "its field reason ",
    ],
  ])("is ignored and named where it holds %s", (_, name, value, reason) => {
    const { instructions, ignored } = read(name, value);
    expect(instructions).toEqual({});
    expect(ignored).toEqual([{ annotation: `plumbline.dev/${name}`, reason: expect.stringContaining(reason) }]);
  });

  test("counts until its time, and the first time to come is known", () => {
    const instructions = { pin, suspended: { ...suspended, until: "2026-03-01T11:00:00Z" }, approved };
    const ten = Date.parse(AT);
    const hour = 3_600_000;
    expect(instructionsInForce(instructions, ten + hour - 1)).toEqual({ inForce: instructions, expired: [] });
    expect(expiresIn(instructions, ten)).toBe(hour);
    expect(instructionsInForce(instructions, ten + hour)).toEqual({
      inForce: { pin, approved },
      expired: ["suspended"],
    });
    expect(instructionsInForce(instructions, ten + 2 * hour)).toEqual({
      inForce: { approved },
      expired: ["pin", "suspended"],
    });
    expect(expiresIn({ suspended, approved }, ten)).toBeUndefined();
  });
});

import { expect, test } from "vitest";
import { createAuthenticator, hashToken, parseTokens, requiresAuthentication } from "../../src/api/index.ts";

const HASH = hashToken("a-long-random-token");

test("a tokens file is a YAML list, or the same in JSON", () => {
  const yaml = `- { name: ci, sha256: ${HASH}, role: operator }\n- name: team\n  sha256: ${HASH}\n  role: viewer\n  applications: [team-a/*]\n`;
  const entries = parseTokens(yaml, "tokens.yaml");
  expect(entries).toEqual([
    { name: "ci", sha256: HASH, role: "operator" },
    { name: "team", sha256: HASH, role: "viewer", applications: ["team-a/*"] },
  ]);
  expect(parseTokens(JSON.stringify(entries), "tokens.json")).toEqual(entries);
  expect(parseTokens("# none yet\n", "tokens.yaml")).toEqual([]);
});

test("a hash of digits alone stays text", () => {
  const digits = "1".repeat(64);
  expect(parseTokens(`- { name: a, sha256: ${digits}, role: viewer }`, "t")[0]?.sha256).toBe(digits);
});

test.each([
  ["no list", "name: ci"],
  ["a token in the clear", "- { name: ci, token: abc, role: viewer }"],
  ["a hash that is none", "- { name: ci, sha256: abc, role: viewer }"],
  ["an unknown role", `- { name: ci, sha256: ${HASH}, role: admin }`],
  ["no globs where globs were meant", `- { name: ci, sha256: ${HASH}, role: viewer, applications: [] }`],
  ["no YAML", "- { name: ci"],
  ["more than one document", "[]\n---\n[]"],
])("%s is refused with a code and the file, and without what it holds", (_what, text) => {
  let thrown: unknown;
  try {
    parseTokens(text, "tokens.yaml");
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({ code: "PL-CONFIG-INVALID", where: expect.stringContaining("tokens.yaml") });
  expect(String(thrown)).not.toContain("abc");
});

test("a token is known by its hash, and files that are read again count", () => {
  let entries = parseTokens(`- { name: ci, sha256: ${HASH.toUpperCase()}, role: operator }`, "t");
  const authenticator = createAuthenticator(() => entries);
  expect(authenticator.authenticate("a-long-random-token")).toMatchObject({
    name: "ci",
    role: "operator",
    fleet: true,
  });
  expect(authenticator.authenticate(HASH)).toBeUndefined();
  entries = [];
  expect(authenticator.authenticate("a-long-random-token")).toBeUndefined();
});

test("only loopback may be listened at without authentication", () => {
  const free = ["127.0.0.1:8080", "127.9.9.9:1", "localhost:8080", "[::1]:8080", "::1", "LOCALHOST"];
  const bound = [
    "0.0.0.0:8080",
    ":8080",
    "[::]:8080",
    "10.0.0.1:8080",
    "plumbline.example:80",
    "localhost.example:80",
    "",
    "127.1:80",
  ];
  expect(free.filter(requiresAuthentication)).toEqual([]);
  expect(bound.filter((address) => !requiresAuthentication(address))).toEqual([]);
});

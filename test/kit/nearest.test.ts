import { expect, test } from "vitest";
import { nearest } from "../../src/kit/nearest.ts";

test("the names that somebody may have meant come first, three at most, and strangers not at all", () => {
  const names = ["main", "feature/login", "feature/logout", "release-1", "release-2", "release-3", "release-4"];
  expect(nearest("feature/logn", names)[0]).toBe("feature/login");
  expect(nearest("login", names)).toEqual(["feature/login"]);
  expect(nearest("release-5", names)).toEqual(["release-1", "release-2", "release-3"]);
  expect(nearest("mian", names)).toEqual(["main"]);
  expect(nearest("zzzzzz", names)).toEqual([]);
  expect(nearest("", names)).toEqual([]);
});

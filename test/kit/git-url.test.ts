import { expect, test } from "vitest";
import { sameRepository } from "../../src/kit/git-url.ts";

const ONE = "https://git.example/team/apps.git";

for (const other of [
  "https://git.example/team/apps",
  "http://git.example/team/apps.git/",
  "https://GIT.Example/team/apps.git",
  "https://robot:secret@git.example/team/apps.git",
  "https://git.example:443/team/apps",
  "ssh://git@git.example/team/apps.git",
  "ssh://git@git.example:22/team/apps.git",
  "git@git.example:team/apps.git",
  "git.example:team/apps",
  "git@git.example:/team/apps.git",
  "git://git.example/team/apps.git",
  "https://git.example//team/apps.git",
  "https://git.example/team/%61pps.git",
  " https://git.example/team/apps.git ",
]) {
  test(`${other} is the same repository as ${ONE}`, () => {
    expect(sameRepository(ONE, other)).toBe(true);
    expect(sameRepository(other, ONE)).toBe(true);
  });
}

for (const other of [
  "https://git.example/team/Apps.git",
  "https://git.example/team/apps-2.git",
  "https://git.example/apps.git",
  "https://other.example/team/apps.git",
  "https://git.example:8443/team/apps.git",
  "https://git.example/",
  "team/apps",
  "",
]) {
  test(`${JSON.stringify(other)} is another repository than ${ONE}`, () => {
    expect(sameRepository(ONE, other)).toBe(false);
  });
}

test("what names no repository is not even the same as itself", () => {
  expect(sameRepository("", "")).toBe(false);
  expect(sameRepository("https://git.example/", "https://git.example/")).toBe(false);
});

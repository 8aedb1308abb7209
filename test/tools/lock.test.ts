import { expect, test } from "vitest";
import { missingEntries, readLock } from "./complete-lock.ts";

test("package-lock.json is whole, so that `npm ci` takes it (npm run lock:complete)", () => {
  expect(missingEntries(readLock())).toEqual([]);
});

import { expect, test } from "vitest";
import { SOLE_DIVISION } from "../../src/replicas/index.ts";

test("one process has everything, and may always write without a token", () => {
  const tenure = SOLE_DIVISION.tenureOf("shop/web");
  expect(SOLE_DIVISION.owns("shop/web")).toBe(true);
  expect(SOLE_DIVISION.ownerOf("shop/web")).toEqual({ id: "self" });
  expect(tenure?.isValid()).toBe(true);
  expect(tenure?.token).toBe("");
  expect(tenure?.signal.aborted).toBe(false);
});

import { describe, inject, test } from "vitest";
import type { Availability, Wanted } from "./programs.ts";

/**
 * describe() for tests that need the real control plane. Where it cannot be had, `body` is not even run: one skipped test
 * stands for it and its name says how to get the control plane. Say `{ controllers: true }` when workloads must roll out.
 */
export function describeCluster(name: string, body: () => void, wanted: Wanted = {}): void {
  const availability = availabilityOf(wanted);
  if (availability.available) describe(name, body);
  else describe.skip(name, () => test(availability.reason, () => undefined));
}

function availabilityOf(wanted: Wanted): Availability {
  const shared = inject("controlPlane");
  return shared.available && wanted.controllers ? shared.controllers : shared;
}

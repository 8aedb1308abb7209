import { Type } from "typebox";
import {
  AsOf,
  ChangeCountsSchema,
  HealthSchema,
  IdentityFields,
  PinSchema,
  ProblemSchema,
  SuspensionSchema,
  SyncSchema,
  Time,
  WaitingFields,
} from "./schemas.ts";

/** An application in a list. */
export const SummarySchema = Type.Object({
  ...IdentityFields,
  sync: SyncSchema,
  health: HealthSchema,
  source: Type.Object({
    repo: Type.String(),
    ref: Type.String(),
    path: Type.String(),
    chart: Type.Optional(Type.String({ description: "Of a Helm repository; the revision is its version." })),
    revision: Type.Optional(Type.String()),
    newest: Type.Optional(Type.String({ description: "What the ref leads to, while something is pinned." })),
  }),
  pin: Type.Optional(PinSchema),
  suspended: Type.Optional(SuspensionSchema),
  stale: Type.Boolean({ description: "The repository does not answer; the revision is the last good one." }),
  objects: Type.Integer(),
  changes: ChangeCountsSchema,
  lastSyncAt: Type.Optional(Time("The end of the last pass that wrote something or failed to.")),
  problem: Type.Optional(Type.Pick(ProblemSchema, ["code", "message", "where"])),
  asOf: AsOf,
  ...WaitingFields,
});

import { Type } from "typebox";
import {
  AsOf,
  ChangeCountsSchema,
  HealthSchema,
  IdentityFields,
  PinSchema,
  ProblemSchema,
  SourceFields,
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
  source: Type.Object(SourceFields),
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

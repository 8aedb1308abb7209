import type { Static } from "typebox";
import type { ApplicationAnswerSchema } from "./application.ts";
import type { ApplicationsPageSchema } from "./applications.ts";
import type { DeleteAcceptedSchema } from "./delete.ts";
import type { DiffPageSchema } from "./diff.ts";
import type { DriftPageSchema } from "./drift.ts";
import type { EventsPageSchema } from "./events.ts";
import type { HistoryPageSchema } from "./history.ts";
import type { RolledBackSchema } from "./instructions.ts";
import type { ManifestsPageSchema } from "./manifests.ts";
import type { PlanAnswerSchema } from "./plan.ts";
import type { ResourcesPageSchema } from "./resources.ts";
import type { SyncAcceptedSchema } from "./sync.ts";

/** What each address answers, for whoever asks over HTTP in TypeScript. */
export type ApplicationsPage = Static<typeof ApplicationsPageSchema>;
export type ApplicationAnswer = Static<typeof ApplicationAnswerSchema>;
export type ResourcesPage = Static<typeof ResourcesPageSchema>;
export type DiffPage = Static<typeof DiffPageSchema>;
export type PlanAnswer = Static<typeof PlanAnswerSchema>;
export type ManifestsPage = Static<typeof ManifestsPageSchema>;
export type EventsPage = Static<typeof EventsPageSchema>;
export type HistoryPage = Static<typeof HistoryPageSchema>;
export type RolledBack = Static<typeof RolledBackSchema>;
export type DeleteAccepted = Static<typeof DeleteAcceptedSchema>;
export type SyncAccepted = Static<typeof SyncAcceptedSchema>;
export type DriftPage = Static<typeof DriftPageSchema>;
export type { ProblemAnswer } from "./problem.ts";

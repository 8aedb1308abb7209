import type { Ref } from "./ref.ts";

export const HEALTH_STATUSES = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"] as const;
/** From best to worst. */
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** A verdict on one live object, with the sentence that explains it. */
export interface Health {
  readonly status: HealthStatus;
  readonly message: string;
}

/** The verdict on an application: that of its worst object, which is named. */
export interface ApplicationHealth extends Health {
  readonly decidedBy?: Ref;
}

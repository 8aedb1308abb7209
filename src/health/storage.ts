import type { Health, LiveObject } from "../model/index.ts";
import { degraded, healthy, partOf, progressing, textIn } from "./read.ts";

export function claimHealth(live: LiveObject): Health {
  const phase = textIn(partOf(live, "status"), "phase");
  if (phase === "Bound") return healthy("bound");
  return phase === "Lost" ? degraded("its volume is lost") : progressing(`waits for a volume (${phase ?? "Pending"})`);
}

export function volumeHealth(live: LiveObject): Health {
  const status = partOf(live, "status");
  const phase = textIn(status, "phase");
  if (phase === "Bound" || phase === "Available" || phase === "Released") return healthy(phase.toLowerCase());
  return phase === "Failed" ? degraded(textIn(status, "message") ?? "failed") : progressing("not available yet");
}

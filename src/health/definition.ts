import type { Health, LiveObject } from "../model/index.ts";
import { conditionOf, degraded, healthy, partOf, progressing, textIn, words } from "./read.ts";

export function definitionHealth(live: LiveObject): Health {
  const names = conditionOf(live, "NamesAccepted");
  if (names?.status === "False") return degraded(words(names));
  const established = conditionOf(live, "Established");
  if (established?.status === "True") return healthy("established");
  return established?.status === "False" && established.reason !== "Installing"
    ? degraded(words(established))
    : progressing("not established yet");
}

export function apiServiceHealth(live: LiveObject): Health {
  const available = conditionOf(live, "Available");
  if (available?.status === "True") return healthy("available");
  return available === undefined ? progressing("not looked at by the API server yet") : degraded(words(available));
}

export function namespaceHealth(live: LiveObject): Health {
  const phase = textIn(partOf(live, "status"), "phase");
  return phase === "Terminating" ? progressing("is being deleted") : healthy("active");
}

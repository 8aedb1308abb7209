import type { Health, LiveObject } from "../model/index.ts";
import { conditionOf, degraded, healthy, partOf, progressing, textIn, words } from "./read.ts";

/** Served under its names. Source: Kubernetes, CustomResourceDefinitionConditionType. */
export function definitionHealth(live: LiveObject): Health {
  const terminating = conditionOf(live, "Terminating");
  if (terminating?.status === "True") return progressing(words(terminating));
  const names = conditionOf(live, "NamesAccepted");
  if (names?.status === "False") return degraded(words(names));
  const established = conditionOf(live, "Established");
  if (established === undefined) return progressing("not established yet");
  if (established.status !== "True")
    return established.reason === "Installing" ? progressing(words(established)) : degraded(words(established));
  const loose = conditionOf(live, "NonStructuralSchema");
  return loose?.status === "True" ? degraded(words(loose)) : healthy("established");
}

/** What keeps an API from answering is Pods or endpoints of it that may come at any moment, so it waits. */
export function apiServiceHealth(live: LiveObject): Health {
  const available = conditionOf(live, "Available");
  if (available?.status === "True") return healthy("available");
  return progressing(available === undefined ? "not looked at by the API server yet" : words(available));
}

export function namespaceHealth(live: LiveObject): Health {
  const phase = textIn(partOf(live, "status"), "phase");
  return phase === "Terminating" ? progressing("is being deleted") : healthy("active");
}

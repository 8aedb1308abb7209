/**
 * The nouns. Plain, frozen-by-type data that every room speaks in, and the little arithmetic that belongs to a noun alone
 * (an object's key, a status out of classes of change). The words are those of docs/architecture.md, and no room has others.
 *
 * Promises: no I/O, no clock, no randomness, no state. Everything is JSON or made of JSON, but for PlumblineError and SchemaNode.
 * Refuses: to know how anything is fetched, compared or applied.
 *
 * In: nothing. Out: types, constants, the table of error codes (docs/errors.md holds the same, by test) and the schema of an
 * Application, from which the settings' reader, the CRD and the API are made. TypeBox is the one library here: its schemas are data.
 */
export * from "./application.ts";
export * from "./author-text.ts";
export * from "./cluster-state.ts";
export type { RetryKind } from "./code-entry.ts";
export * from "./codes.ts";
export * from "./crd.ts";
export * from "./drift-episode.ts";
export * from "./error.ts";
export * from "./field-change.ts";
export * from "./fleet.ts";
export * from "./health.ts";
export * from "./instructions.ts";
export * from "./json.ts";
export * from "./kind-lifecycle.ts";
export * from "./label-selector.ts";
export * from "./labels.ts";
export * from "./log.ts";
export * from "./manifest.ts";
export * from "./object.ts";
export * from "./object-rules.ts";
export * from "./openapi.ts";
export * from "./outcome.ts";
export * from "./plan.ts";
export * from "./project.ts";
export * from "./redis-event.ts";
export * from "./ref.ts";
export * from "./schema.ts";
export * from "./source-spec.ts";
export * from "./status.ts";

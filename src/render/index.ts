/**
 * Turns files into manifests. A file is YAML or JSON as kubectl reads it: YAML 1.1 booleans and octals, dates that stay text,
 * documents split at `---` lines, merge keys, `List` kinds taken apart. Every manifest knows its file and line.
 *
 * Promises: the same files give the same manifests, in the order of paths and then of documents. Every problem of every file
 * is reported, with a code, `file:line` and the next step; one broken document hides nothing else. Work is bounded by RenderLimits
 * before it is done. Nothing that people can write throws, overflows the stack or reaches a prototype.
 *
 * Refuses, where kubectl would go on: a key given twice, bytes that are not UTF-8, integers beyond 2^53 - 1 (JSON numbers here are
 * doubles), the key `__proto__`. A document without apiVersion, kind or name is an error: a typing error must not look like a deletion.
 * A path without a single manifest is one too (PL-PATH-EMPTY).
 *
 * Does not: look for duplicates (the namespaces are not settled yet: plan does), ask a server, follow links (source does).
 * Every .yaml, .yml and .json file below the path counts, those in folders whose names begin with a dot too; only `.git` is left out.
 *
 * In: a Snapshot (source), a folder on disk, or bytes. Out: RenderResult, as data; errors of the snapshot itself are thrown on.
 */
export type { Capabilities, Lookup, Resources } from "./answers.ts";
export { decode } from "./decode.ts";
export { type FolderOptions, renderFolder } from "./folder.ts";
export { withoutOtherHooks } from "./hook.ts";
export { kindOf } from "./kind.ts";
export { DEFAULT_LIMITS } from "./limits.ts";
export type { Tree } from "./mounts.ts";
export type { Permit } from "./permit.ts";
export { plainKey, renderPlain } from "./plain.ts";
export { createRenderer, type Renderer, type RenderInput } from "./renderer.ts";
export type { Release } from "./request.ts";
export type { Decoded, DecodeInput, RenderLimits, RenderResult } from "./types.ts";
export { createEngine, type Engine, type EngineOptions } from "./wasm/engine.ts";
export { engineFile, engineSources, engineVersion, findEngineModule } from "./wasm/engine-module.ts";

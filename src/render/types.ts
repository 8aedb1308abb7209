import type { Manifest, Problem } from "../model/index.ts";

/** Bounds of what is read. Beyond them a file or an application is an error, never cut off. */
export interface RenderLimits {
  readonly fileBytes: number;
  readonly documents: number;
  readonly depth: number;
  readonly aliases: number;
  readonly nodes: number;
}

/** Either problems is empty and manifests is everything the path says, or nothing may be applied or pruned. */
export interface RenderResult {
  readonly manifests: readonly Manifest[];
  /** Every problem of every file, not only the first. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
  /** Same key, same manifests: path, tree, renderer and its version. */
  readonly key: string;
}

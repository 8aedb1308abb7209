import type { RenderLimits } from "./types.ts";

/** Far above what people write, far below what would hurt the process: the worst documents of this size take a second or two. */
export const DEFAULT_LIMITS: RenderLimits = {
  fileBytes: 10 * 1024 * 1024,
  documentBytes: 4 * 1024 * 1024,
  totalBytes: 64 * 1024 * 1024,
  documents: 10_000,
  depth: 250,
  aliases: 10_000,
  nodes: 1_000_000,
};

import type { KubeObject } from "./object.ts";
import type { Ref } from "./ref.ts";

/** Where a manifest was read. `line` counts from 1 and is that of the document's first key. */
export interface Origin {
  readonly repo: string;
  readonly revision: string;
  readonly file: string;
  readonly line: number;
}

/** A desired object, as its author wrote it, and where. */
export interface Manifest {
  readonly ref: Ref;
  readonly object: KubeObject;
  readonly origin: Origin;
  /** Of a chart's hook; ordinary objects have none. */
  readonly hook?: Hook;
}

/** When a hook of a chart is due. Source: Helm, "Chart hooks". */
export interface Hook {
  /** "pre-install", "post-upgrade" and so on. */
  readonly events: readonly string[];
  /** The lower go first. */
  readonly weight: number;
  /** "before-hook-creation", "hook-succeeded", "hook-failed". */
  readonly deletePolicies: readonly string[];
}

/** "apps/web/deploy.yaml:14" */
export function formatOrigin({ file, line }: Pick<Origin, "file" | "line">): string {
  return `${file}:${line}`;
}

/** Each sentence once, with the first place that it is about and how many more there are. */
export function saidOnce(notes: Iterable<{ readonly text: string; readonly origin: Origin }>): string[] {
  const places = new Map<string, { readonly first: Origin; count: number }>();
  for (const { text, origin } of notes) {
    const there = places.get(text);
    if (there === undefined) places.set(text, { first: origin, count: 1 });
    else there.count++;
  }
  return [...places].map(([text, { first, count }]) => {
    const more = count === 1 ? "" : ` and ${count - 1} more`;
    return `${formatOrigin(first)}${more}: ${text}`;
  });
}

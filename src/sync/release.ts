import { hashJson } from "../kit/hash.ts";
import type { Application, LiveObject } from "../model/index.ts";
import { scopeOf } from "../plan/index.ts";
import type { Release } from "../render/index.ts";
import type { Snapshot } from "../source/index.ts";

export interface Released {
  readonly release: Release;
  /** What the parent will say once this is applied. */
  readonly record: string;
}

/**
 * The release of a chart: the same for as long as the chart and what the declaration says of it are the same, so that a template
 * that asks for .Release.Revision or .Release.IsUpgrade does not make every pass another; one more when they change. The count is kept
 * on the ApplySet parent, "<revision> <hash>".
 */
export function releaseOf(
  { metadata, spec }: Pick<Application, "metadata" | "spec">,
  snapshots: readonly Snapshot[],
  parent: LiveObject | undefined,
): Released {
  const inputs = hashJson([spec.source.helm, snapshots.map(({ key }) => key)]).slice(0, 16);
  const [, last = "0", lastInputs] = /^(\d{1,9}) ([0-9a-f]{16})$/.exec(parentRelease(parent)) ?? [];
  const revision = inputs === lastInputs ? Number(last) : Number(last) + 1;
  const namespace = spec.destination.namespace ?? "default";
  const release = { name: metadata.name, namespace, revision, isUpgrade: revision > 1 };
  return { release, record: `${revision} ${inputs}` };
}

function parentRelease(parent: LiveObject | undefined): string {
  return parent === undefined ? "" : (scopeOf(parent).release ?? "");
}

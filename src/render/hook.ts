import type { Hook, KubeObject } from "../model/index.ts";
import type { RenderResult } from "./types.ts";

/** Source: Helm, "Chart hooks": events, weights and delete policies are annotations; lists are parted by commas. */
const EVENT = "helm.sh/hook";
const WEIGHT = "helm.sh/hook-weight";
const DELETE_POLICY = "helm.sh/hook-delete-policy";

const EVENTS = [
  "pre-install",
  "post-install",
  "pre-delete",
  "post-delete",
  "pre-upgrade",
  "post-upgrade",
  "pre-rollback",
  "post-rollback",
];
const TESTS = ["test", "test-success"];

/** What a chart's object is: an ordinary one (undefined), a hook, or nothing to install ("left out": a test, or a hook of a kind that Helm does not know). */
export function hookOf({ metadata }: KubeObject): Hook | "left out" | undefined {
  const annotation = metadata.annotations?.[EVENT];
  if (typeof annotation !== "string") return undefined;
  const events = wordsOf(annotation);
  if (events.some((event) => TESTS.includes(event) || !EVENTS.includes(event))) return "left out";
  const weight = Number(metadata.annotations?.[WEIGHT] ?? 0);
  return {
    events,
    weight: Number.isInteger(weight) ? weight : 0,
    deletePolicies: wordsOf(metadata.annotations?.[DELETE_POLICY] ?? "before-hook-creation"),
  };
}

function wordsOf(list: string): string[] {
  return list.split(",").map((word) => word.trim().toLowerCase());
}

/** Hooks of deletion and rollback are no part of what is applied. */
export function withoutOtherHooks(rendered: RenderResult): RenderResult {
  const manifests = rendered.manifests.filter(({ hook }) => hook === undefined || hook.events.some(isApplied));
  return manifests.length === rendered.manifests.length ? rendered : { ...rendered, manifests };
}

function isApplied(event: string): boolean {
  return /^(pre|post)-(install|upgrade)$/.test(event);
}

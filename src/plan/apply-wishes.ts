import {
  APPLY_ANNOTATION,
  type ApplyMode,
  type KubeObject,
  type LiveObject,
  PlumblineError,
  type Problem,
  REPLACE_ANNOTATION,
  toProblem,
} from "../model/index.ts";

/** How far an author lets an object be replaced: `confirm` also where data goes along. */
export type ReplaceWish = "allowed" | "confirm";

/** What is wrong with the annotations that say how an object is written, if anything. */
export function applyWishProblem(object: KubeObject, where: string): Problem | undefined {
  return (
    unlessOneOf(object, APPLY_ANNOTATION, { words: ["once", "never"], where }) ??
    unlessOneOf(object, REPLACE_ANNOTATION, { words: ["allowed", "confirm"], where })
  );
}

function unlessOneOf(
  { metadata }: KubeObject,
  name: string,
  { words, where }: { readonly words: readonly string[]; readonly where: string },
): Problem | undefined {
  const wish = metadata.annotations?.[name];
  if (wish === undefined || words.includes(wish)) return undefined;
  const message = `${name} is ${JSON.stringify(wish)}; it may be ${words.join(" or ")}`;
  return toProblem(new PlumblineError("PL-MANIFEST-INVALID", { message, where }));
}

/** Undefined: applied whenever it differs. */
export function applyModeOf(object: KubeObject): ApplyMode | undefined {
  const wish = object.metadata.annotations?.[APPLY_ANNOTATION];
  if (wish === "once" || wish === "never") return wish;
  if (wish !== undefined) return undefined;
  // Source: Flux, "Kustomization", "Controlling the apply behavior of resources".
  const flux = fluxWish(object, "ssa");
  return flux === "ifnotpresent" ? "once" : flux === "ignore" ? "never" : undefined;
}

/** Nothing is written to it, and nothing that differs counts. */
export function isLeftAsItIs(object: KubeObject, live: LiveObject | undefined): boolean {
  const mode = applyModeOf(object);
  return mode === "never" || (mode === "once" && live !== undefined);
}

export function leftReason(mode: ApplyMode, live: LiveObject | undefined): string {
  if (mode === "once") return `it is there, and is made once and never changed (${APPLY_ANNOTATION}: once)`;
  const there = live === undefined ? "it is not in the cluster, and is not made" : "it is only looked at";
  return `${there} (${APPLY_ANNOTATION}: never)`;
}

/** Plumbline's own annotation, else those of others that mean the same. */
export function replaceWishOf(object: KubeObject): ReplaceWish | undefined {
  const wish = object.metadata.annotations?.[REPLACE_ANNOTATION];
  if (wish === "allowed" || wish === "confirm") return wish;
  return wish === undefined && isAllowedElsewhere(object) ? "allowed" : undefined;
}

/** "Where it cannot be changed, delete it and make it anew", in the words of Flux, kapp and Argo CD. */
function isAllowedElsewhere(object: KubeObject): boolean {
  if (fluxWish(object, "force") === "enabled") return true;
  const { annotations } = object.metadata;
  if (annotations?.["kapp.k14s.io/update-strategy"] === "fallback-on-replace") return true;
  const options = annotations?.["argocd.argoproj.io/sync-options"] ?? "";
  return options.split(",").some((option) => option.trim() === "Force=true");
}

/** Flux reads labels as well as annotations, and heeds no case. */
function fluxWish({ metadata }: KubeObject, name: string): string | undefined {
  const key = `kustomize.toolkit.fluxcd.io/${name}`;
  return (metadata.annotations?.[key] ?? metadata.labels?.[key])?.toLowerCase();
}

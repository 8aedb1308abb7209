import { type LiveObject, PRUNE_ANNOTATION } from "../model/index.ts";

interface Wish {
  readonly annotation: string;
  /** What its value says of deleting the object; undefined where it says nothing of that. */
  readonly read: (value: string) => "keep" | "confirm" | undefined;
}

const when = (kept: string) => (value: string) => (value.trim() === kept ? ("keep" as const) : undefined);

/**
 * Who comes from another tool has these on his objects already, and means the same by them: the object stays. Where a tool tells a removal in Git from the
 * deletion of the application, either keeps it here. Sources: the documentation of Argo CD (sync options), Helm (resource policy), Flux (Kustomization),
 * cli-utils and Config Sync (lifecycle directives), kapp (delete strategy).
 */
const WISHES: readonly Wish[] = [
  { annotation: PRUNE_ANNOTATION, read: when("disabled") },
  { annotation: "argocd.argoproj.io/sync-options", read: argoOption },
  { annotation: "helm.sh/resource-policy", read: when("keep") },
  { annotation: "kustomize.toolkit.fluxcd.io/prune", read: when("disabled") },
  { annotation: "client.lifecycle.config.k8s.io/deletion", read: when("detach") },
  { annotation: "cli-utils.sigs.k8s.io/on-remove", read: when("keep") },
  { annotation: "kapp.k14s.io/delete-strategy", read: when("orphan") },
];

function argoOption(value: string): "keep" | "confirm" | undefined {
  const options = value.split(",").map((option) => option.trim());
  if (options.includes("Prune=false") || options.includes("Delete=false")) return "keep";
  return options.includes("Prune=confirm") || options.includes("Delete=confirm") ? "confirm" : undefined;
}

/** What its author says of deleting an object, with the annotation that says it; the stricter one where several do. */
export function deletionWish(
  live: LiveObject,
): { readonly wish: "keep" | "confirm"; readonly said: string } | undefined {
  const wishes = WISHES.flatMap(({ annotation, read }) => {
    const value: unknown = live.metadata.annotations?.[annotation];
    const wish = typeof value === "string" ? read(value) : undefined;
    return wish === undefined ? [] : [{ wish, said: `${annotation}: ${String(value)}` }];
  });
  return wishes.find(({ wish }) => wish === "keep") ?? wishes[0];
}

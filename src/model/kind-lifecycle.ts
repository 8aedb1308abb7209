import { changesInto, insteadOf } from "./kind-changes.ts";
import { LIFECYCLE_ROWS, type LifecycleRow } from "./kind-lifecycle-rows.ts";
import { type Manifest, saidOnce } from "./manifest.ts";
import { apiVersionOf, type GroupVersionKind } from "./ref.ts";

/** What becomes of a version of a built-in kind, in releases of Kubernetes ("1.25"). */
export type KindLifecycle = Omit<LifecycleRow, "was" | "kinds">;

/** Undefined for what Kubernetes never deprecated under this name. */
export function lifecycleOf(kind: GroupVersionKind): KindLifecycle | undefined {
  const was = apiVersionOf(kind);
  return LIFECYCLE_ROWS.find((row) => row.was === was && row.kinds.includes(kind.kind));
}

/** "use apiVersion: networking.k8s.io/v1; every path needs pathType; …", or what does the work of a kind without successor. */
export function moveAdvice({ kind }: Pick<GroupVersionKind, "kind">, { replacement }: KindLifecycle): string {
  if (replacement === undefined) return `remove the object: ${insteadOf(kind) ?? "nothing took the kind's place"}`;
  const [apiVersion = "", other] = replacement.split(" ");
  if (other !== undefined) return `use ${apiVersion} ${other} instead`;
  const changes = changesInto(kind, apiVersion);
  return `use apiVersion: ${apiVersion}${changes === undefined ? "" : `; ${changes}`}`;
}

/** In a sentence, that the version is on its way out, or out, and what to do; undefined for one that stays. */
export function deprecationOf(kind: GroupVersionKind): string | undefined {
  const life = lifecycleOf(kind);
  if (life === undefined) return undefined;
  const end =
    life.removed === undefined
      ? "no release of its removal is planned"
      : `Kubernetes ${life.removed} serves it no more`;
  const name = `${apiVersionOf(kind)} ${kind.kind}`;
  return `${name} is deprecated since Kubernetes ${life.deprecated}, and ${end}: ${moveAdvice(kind, life)}`;
}

/** Of manifests, where no server can be asked: each deprecated kind with the first place that uses it. */
export function deprecationsIn(manifests: readonly Pick<Manifest, "ref" | "origin">[]): string[] {
  return saidOnce(
    manifests.flatMap(({ ref, origin }) => {
      const text = deprecationOf(ref);
      return text === undefined ? [] : { text, origin };
    }),
  );
}

import type { Cluster } from "../cluster/index.ts";
import { apiVersionOf, deprecationOf, type Ref, refKey, saidOnce } from "../model/index.ts";
import type { Prepared } from "../plan/index.ts";

/** By refKey: what the server warns of whenever the manifest's kind and version are used, most often that they are on their way out. */
export function kindWarnings(
  prepared: readonly Prepared[],
  { live }: Pick<Cluster, "live">,
): ReadonlyMap<string, readonly string[]> {
  const warnings = new Map<string, readonly string[]>();
  for (const { ref } of prepared) {
    const said = live.warnings(ref);
    if (said.length > 0) warnings.set(refKey(ref), inOurWords(ref, said));
  }
  return warnings;
}

/** Of a built-in kind we know more than the server says: what has to change in the manifest. */
export function inOurWords(ref: Ref, said: readonly string[]): readonly string[] {
  const ours = deprecationOf(ref);
  if (ours === undefined) return said;
  const isTheirs = (text: string) => text.startsWith(`${apiVersionOf(ref)} ${ref.kind} is deprecated `);
  return [...new Set(said.map((text) => (isTheirs(text) ? ours : text)))];
}

/** One line a sentence, with the first manifest that it is about. */
export function summedUp(
  prepared: readonly Prepared[],
  warnings: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return saidOnce(
    prepared.flatMap(({ ref, origin }) => (warnings.get(refKey(ref)) ?? []).map((text) => ({ text, origin }))),
  );
}

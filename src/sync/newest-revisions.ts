import type { Application } from "../model/index.ts";
import type { SourceStore } from "../source/index.ts";

/** The newest revisions of everything that an application is rendered from, as far as they are known; empty where that cannot be told. */
export async function newestRevisions(
  { spec }: Application,
  source: Pick<SourceStore, "resolve">,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { references = [], ...own } = spec.source;
  try {
    const all = [own, ...references].map((one) => source.resolve(one, signal));
    return (await Promise.all(all)).map(({ revision }) => revision);
  } catch {
    return [];
  }
}

import { join } from "node:path";
import type { HelmSource } from "../../../src/model/index.ts";
import type { RenderCase } from "./case-file.ts";

interface Places {
  readonly repo: string;
  readonly references: ReadonlyMap<string, string>;
  /** Where the values of the source itself were written, as the last file. */
  readonly valuesFile?: string;
}

/** What `helm` is told for a case: the same as an Application's source, in the words of `helm template`. */
export function helmArguments(of: RenderCase, places: Places): string[] {
  const helm: HelmSource = of.source.helm ?? {};
  const file = (path: string): string => resolved(path, of.path, places);
  const files = [...(helm.valueFiles ?? []).map(file), ...(places.valuesFile ? [places.valuesFile] : [])];
  const crds = helm.includeCrds !== false && helm.skipCrds !== true;
  return [
    ...[
      "template",
      helm.releaseName ?? of.name,
      join(places.repo, of.path),
      "--namespace",
      of.namespace,
      "--skip-tests",
    ],
    ...(crds ? ["--include-crds"] : []),
    ...each("--values", files),
    ...each("--set", helm.set),
    ...each("--set-string", helm.setString),
    ...each(
      "--set-file",
      helm.setFile?.map((pair) => pair.replace(/(?<==).*$/s, file)),
    ),
    ...each("--kube-version", helm.kubeVersion === undefined ? [] : [helm.kubeVersion]),
    ...each("--api-versions", helm.apiVersions),
    ...of.upstream,
  ];
}

function each(flag: string, values: readonly string[] = []): string[] {
  return values.flatMap((value) => [flag, value]);
}

/** As spec.source.helm.valueFiles says: from the chart, from the root with `/`, in a reference with `$name/`. */
function resolved(path: string, chart: string, { repo, references }: Places): string {
  if (path.startsWith("/")) return join(repo, path);
  if (!path.startsWith("$")) return join(repo, chart, path);
  const [name = "", ...rest] = path.slice(1).split("/");
  const folder = references.get(name);
  if (folder === undefined) throw new Error(`the case has no reference ${name}`);
  return join(folder, ...rest);
}

import { BEDS, CHART_APPLICATION, NAMESPACE } from "./garden.ts";

const DEPENDS_ON: { readonly [folder: string]: readonly { readonly name: string }[] } = { api: [{ name: "data" }] };

interface Source {
  readonly repo: string;
  readonly chart: boolean;
}

/** Those of the settings, as one text; that of the folder `team` is an object in the cluster. */
export function applicationDocuments({ repo, chart }: Source): string {
  const folders = Object.keys(BEDS).filter((folder) => folder !== "team");
  return [...folders, ...(chart ? ["chart"] : [])]
    .map((folder) => JSON.stringify(document(folder, repo)))
    .join("\n---\n");
}

export function clusterApplication(repo: string): object {
  return document("team", repo);
}

export function applicationNames({ chart }: Pick<Source, "chart">): readonly string[] {
  return [...Object.values(BEDS).map(({ application }) => application), ...(chart ? [CHART_APPLICATION] : [])];
}

function document(folder: string, repo: string): object {
  const [namespace, name] = (BEDS[folder]?.application ?? CHART_APPLICATION).split("/");
  return {
    apiVersion: "plumbline.dev/v1alpha1",
    kind: "Application",
    metadata: { name, namespace },
    spec: {
      source: { repo, ref: "main", path: folder },
      destination: { namespace: NAMESPACE, createNamespace: true },
      sync: { interval: folder === "shop" ? "5s" : "1s", timeout: "60s" },
      ...(DEPENDS_ON[folder] === undefined ? {} : { dependsOn: DEPENDS_ON[folder] }),
    },
  };
}

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Demo } from "./demo-parts.ts";

/** The clone of the repository that this program runs in; undefined where it is installed. */
function checkoutFolder(): string | undefined {
  const folder = fileURLToPath(new URL("../../../", import.meta.url));
  return existsSync(`${folder}src/cli/main.ts`) ? folder.replace(/[\\/]$/, "") : undefined;
}

/** What stands where, and a walk whose lines may be pasted into a shell as they are. */
export function introduction(
  demo: Pick<Demo, "kubernetes" | "repository" | "address" | "folder" | "renderer">,
): string {
  const { kubernetes, repository, address, renderer } = demo;
  const missing = renderer.whyMissing();
  return `Plumbline keeps ${kubernetes.words} true to a Git repository with examples: two of plain manifests, a chart, and a kustomization
in two overlays. Ctrl-C ends it and removes everything.

  Kubernetes   ${kubernetes.url}  kubeconfig ${kubernetes.kubeconfig}
  repository   ${repository}
  Plumbline    ${address}
${missing === undefined ? "" : `  charts       wait: ${missing}\n`}
A walk, to paste into a second terminal (it needs kubectl): a commit is applied, an edit by hand is drift, a sync heals it.

${walkOf(demo, checkoutFolder())
  .map((line) => `  ${line}\n`)
  .join("")}
`;
}

function walkOf(
  { kubernetes, repository, address, folder }: Pick<Demo, "kubernetes" | "repository" | "address" | "folder">,
  checkout: string | undefined,
): readonly string[] {
  const clone = quoted(`${folder}/clone`);
  const plumb = checkout === undefined ? "plumb" : "npm run --silent plumb --";
  const home = checkout === undefined ? "" : `cd ${quoted(checkout)}; `;
  const author = "-c user.name=Ann -c user.email=ann@example.com -c commit.gpgsign=false";
  return [
    `${home}export KUBECONFIG=${quoted(kubernetes.kubeconfig)} PLUMB_SERVER=${address}`,
    `git clone ${author} ${repository} ${clone} && sed -i.bak 's/replicas: 2/replicas: 3/' ${clone}/shop/frontend.yaml`,
    `git -C ${clone} commit -am "A third frontend" && git -C ${clone} push && kubectl -n shop wait deployment/frontend --for=jsonpath={.status.readyReplicas}=3`,
    `kubectl -n shop scale deployment/backend --replicas=5 && sleep 1; ${plumb} drift`,
    `${plumb} sync default/shop --wait && kubectl -n shop get deployment backend`,
  ];
}

/** As a shell reads it. */
function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

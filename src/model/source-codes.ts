import { type CodeEntry, interval, never, revision, soon } from "./code-entry.ts";

const UNTOUCHED = "nothing of the application was applied or deleted";

/** Codes of what comes from repositories and of what is made of it: Git, charts, files, renders, manifests. */
export const SOURCE_CODES = {
  "PL-GIT-UNREACHABLE": soon(
    "the repository does not answer",
    "check the URL and the network; the last good revision stays in force",
  ),
  "PL-GIT-DENIED": interval(
    "the repository refuses the credentials",
    "check the credentials that the settings name for this repository",
  ),
  "PL-GIT-NOT-FOUND": interval(
    "there is no repository at this URL",
    "check the URL, and that the credentials may see it",
  ),
  "PL-GIT-REF-MISSING": interval("the repository has no such branch, tag or commit", "check spec.source.ref"),
  "PL-GIT-REF-AMBIGUOUS": interval("a branch and a tag have this name", "write refs/heads/NAME or refs/tags/NAME"),
  "PL-GIT-CORRUPT": soon(
    "the repository's answer is not what Git sends",
    "it is fetched anew by itself; if this stays, run `git fsck` on the server",
  ),
  "PL-GIT-URL": never("the repository URL cannot be used", "give an http(s) URL without user, password or query"),
  "PL-GIT-TOO-LARGE": interval("the repository's answer is longer than is read", "split the repository"),
  "PL-GIT-TIMEOUT": soon("the repository took too long", "check the network; the last good revision stays in force"),

  "PL-CHART-URL": never(
    "the URL of the chart's repository, or of its archive, cannot be used",
    "give an http(s) URL or oci://HOST/FOLDER without user, password or query",
  ),
  "PL-CHART-NAME": never(
    "the name of the chart cannot be one",
    "give the name alone; in a registry it is lower case, with the folders before it in the URL",
  ),
  "PL-CHART-RANGE": never(
    "neither a version nor a range of versions",
    "write a version like 1.2.3, or a range like ^1.2 or >=1.2 <2",
  ),
  "PL-CHART-NOT-FOUND": interval(
    "the repository has no such chart, or there is no chart repository at this URL",
    "check the URL and the name of the chart, and that the credentials may see it",
  ),
  "PL-CHART-VERSION-MISSING": interval(
    "no version of the chart is the wanted one or in the range",
    "write one of the versions that are there, or publish the one that is missing",
  ),
  "PL-CHART-DIGEST": interval(
    "the chart's archive is not the one that its repository describes",
    "have the chart published anew; nothing of this archive was kept or used",
  ),
  "PL-CHART-TOO-LARGE": interval("the chart repository's answer is longer than is read", "make the chart smaller"),
  "PL-CHART-DENIED": interval(
    "the chart repository refuses the credentials",
    "check the credentials that the settings name for this repository, and the name of the chart",
  ),
  "PL-CHART-UNREACHABLE": soon(
    "the chart repository does not answer",
    "check the URL and the network; the last good version stays in force",
  ),
  "PL-CHART-TIMEOUT": soon(
    "the chart repository took too long",
    "check the network; the last good version stays in force",
  ),
  "PL-CHART-INDEX": interval(
    "the chart repository's answer is not understood",
    "check that index.yaml is one of Helm's, or that the registry holds a chart under this name",
  ),

  "PL-PATH-MISSING": revision(
    "the path is not in the repository at this revision",
    `check spec.source.path; ${UNTOUCHED}`,
  ),
  "PL-PATH-EMPTY": revision("the path holds no manifest", `add a manifest, or delete the application; ${UNTOUCHED}`),
  "PL-LINK-ESCAPES": revision(
    "a symbolic link leads out of the repository",
    `point it inside the repository; ${UNTOUCHED}`,
  ),
  "PL-LINK-LOOP": revision(
    "symbolic links lead in a circle or to nothing",
    `point the link at a file of the repository; ${UNTOUCHED}`,
  ),
  "PL-SUBMODULE": revision(
    "a submodule stands where manifests were looked for",
    `commit the files themselves; ${UNTOUCHED}`,
  ),
  "PL-LFS": revision("a file is a Git LFS pointer", `commit the file itself; ${UNTOUCHED}`),

  "PL-YAML-TAB": revision("a tab where YAML wants spaces", `replace the tab; ${UNTOUCHED}`),
  "PL-YAML-SYNTAX": revision("not YAML or JSON", `correct the line; ${UNTOUCHED}`),
  "PL-YAML-DUPLICATE-KEY": revision("a key is given twice", `remove one of the two; ${UNTOUCHED}`),
  "PL-YAML-UTF8": revision("not valid UTF-8", `save the file as UTF-8; ${UNTOUCHED}`),
  "PL-YAML-TOO-LARGE": revision("a file is larger than is read", `split the file; ${UNTOUCHED}`),
  "PL-YAML-TOO-MANY": revision("more documents than are read", `split the application; ${UNTOUCHED}`),
  "PL-YAML-TOO-DEEP": revision("nested more deeply than is read", `flatten the document; ${UNTOUCHED}`),
  "PL-YAML-ALIASES": revision(
    "more aliases, or more nodes through aliases, than are read",
    `write the values out; ${UNTOUCHED}`,
  ),
  "PL-YAML-KEY": revision("a key that no Kubernetes object can have", `rename the key; ${UNTOUCHED}`),
  "PL-YAML-NUMBER": revision("a number that JSON cannot hold exactly", `write it as text, in quotes; ${UNTOUCHED}`),
  "PL-YAML-TEMPLATE": revision(
    "a template where a manifest was expected",
    `render it first, or point the application at the chart; ${UNTOUCHED}`,
  ),
  "PL-ENGINE-MISSING": soon(
    "the renderer of charts and kustomizations is not built",
    "run `npm run build:engine` in a clone of Plumbline (Go 1.26 makes it, once); plain manifests need no renderer",
  ),
  "PL-ENGINE-BUILD": never(
    "the renderer of charts and kustomizations cannot be built",
    "install Go 1.26 and run `npm run build:engine` again; plain manifests need no renderer",
  ),
  "PL-RENDER-TIMEOUT": revision(
    "rendering took longer than it may",
    `look for a template that never ends; ${UNTOUCHED}`,
  ),
  "PL-RENDER-MEMORY": revision(
    "rendering took more memory than it may",
    `look for a template that makes too much; ${UNTOUCHED}`,
  ),
  "PL-RENDER-DEPTH": revision(
    "templates include each other without end",
    `look for a template that includes itself; ${UNTOUCHED}`,
  ),
  "PL-RENDER-FAULT": soon(
    "the renderer ended while it worked",
    "it is tried again by itself; if this stays, report it",
  ),
  "PL-RENDER-BUSY": soon("too many renders wait", "nothing; it is tried again by itself"),
  "PL-RENDER-TOO-LARGE": revision(
    "a file or what is made of it is larger than is read",
    `make it smaller; ${UNTOUCHED}`,
  ),
  "PL-RENDER-OUTSIDE": revision(
    "a file outside the application's repositories",
    `name a file of the repository, or of one in spec.source.references as $name/PATH; ${UNTOUCHED}`,
  ),
  "PL-RENDER-REMOTE": revision(
    "something from elsewhere that may not be fetched",
    `allow its address with --remote-sources, or commit the files themselves; ${UNTOUCHED}`,
  ),
  "PL-RENDER-LOOKUP": soon(
    "a live object that a template looks up cannot be read",
    "check that Plumbline may read objects of this kind",
  ),
  "PL-HELM-CHART": revision("a chart that cannot be loaded", `correct the chart; ${UNTOUCHED}`),
  "PL-HELM-ARCHIVE": revision(
    "an archive of a chart that is not taken",
    `pack the chart with \`helm package\`; ${UNTOUCHED}`,
  ),
  "PL-HELM-DEPENDENCY": revision(
    "a dependency of a chart is missing",
    `run \`helm dependency update\` and commit charts/, or give the dependency its repository; ${UNTOUCHED}`,
  ),
  "PL-HELM-LOCK": revision(
    "Chart.lock and Chart.yaml name different dependencies",
    `run \`helm dependency update\` and commit Chart.lock; ${UNTOUCHED}`,
  ),
  "PL-HELM-VALUES": revision("values that cannot be used", `correct the values; ${UNTOUCHED}`),
  "PL-HELM-SCHEMA": revision(
    "values that the chart's schema does not allow",
    `correct the values that are named; ${UNTOUCHED}`,
  ),
  "PL-HELM-KUBE-VERSION": revision(
    "the chart is for other versions of Kubernetes",
    `take another version of the chart; ${UNTOUCHED}`,
  ),
  "PL-HELM-TEMPLATE": revision("a template fails", `correct the template or its values; ${UNTOUCHED}`),
  "PL-KUSTOMIZE-BUILD": revision("a kustomization that cannot be built", `correct the kustomization; ${UNTOUCHED}`),
  "PL-KUSTOMIZE-PLUGIN": revision(
    "a kustomization that would run a program",
    `use built-in generators and transformers; ${UNTOUCHED}`,
  ),

  "PL-MANIFEST-INCOMPLETE": revision(
    "a document without apiVersion, kind or name",
    `add what is missing; ${UNTOUCHED}`,
  ),
  "PL-MANIFEST-INVALID": revision(
    "a document that is no Kubernetes object",
    `correct the field that is named; ${UNTOUCHED}`,
  ),
  "PL-MANIFEST-DUPLICATE": revision("two documents describe the same object", `remove one of the two; ${UNTOUCHED}`),
  "PL-MANIFEST-NAMESPACE": revision(
    "a namespaced object without a namespace",
    "set metadata.namespace or spec.destination.namespace",
  ),
} as const satisfies Record<string, CodeEntry>;

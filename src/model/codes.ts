/** When trying again can help: soon (backoff), at the next interval, only on a new revision, or not by itself. */
export type RetryKind = "soon" | "interval" | "revision" | "never";

interface CodeEntry {
  /** What it means, in one line; docs/errors.md has the same. */
  readonly means: string;
  /** What the reader should do. */
  readonly next: string;
  readonly retry: RetryKind;
}

const revision = (means: string, next: string): CodeEntry => ({ means, next, retry: "revision" });
const soon = (means: string, next: string): CodeEntry => ({ means, next, retry: "soon" });
const interval = (means: string, next: string): CodeEntry => ({ means, next, retry: "interval" });
const never = (means: string, next: string): CodeEntry => ({ means, next, retry: "never" });

const UNTOUCHED = "nothing of the application was applied or deleted";

/** The one table of codes. Codes are never renamed and never used for something else. */
export const ERROR_CODES = {
  "PL-INTERNAL": soon("a fault of Plumbline itself", "report it with the log lines around it"),

  "PL-SANDBOX-UNSUPPORTED": never(
    "the sandbox does not do this, and says so instead of guessing",
    "use a real cluster for it: `npm run controlplane -- up` makes one",
  ),
  "PL-DEMO-GIT-MISSING": never(
    "the demo serves its repository with Git, and there is none that can",
    "install git with `git http-backend`: Alpine has that in the package git-daemon, other systems in git itself",
  ),
  "PL-DEMO-FOLDER": never("the demo cannot make its temporary folder", "set TMPDIR to a folder that may be written"),
  "PL-DEMO-CONTROL-PLANE": never(
    "the demo's real control plane cannot be had or has ended",
    "use a clone of the repository and Go 1.26, or leave --control-plane out",
  ),
  "PL-DEMO-STEP": never("a step of the demo's walk went wrong", "report it with the lines above it"),
  "PL-DEMO-TIMEOUT": never(
    "a step of the demo's walk was not seen in time",
    "try again when the machine is less busy; if this stays, report it with the lines above it",
  ),

  "PL-CONFIG-INVALID": never(
    "a settings or application file does not fit its schema",
    "correct the field that is named; the last good configuration stays in force",
  ),
  "PL-CONFIG-UNREADABLE": never(
    "a settings, application or credentials file cannot be read",
    "check that the file exists and may be read",
  ),
  "PL-CONFIG-DUPLICATE": never("two applications have the same namespace and name", "rename one of them"),
  "PL-USAGE": never("the command line is not understood", "see `plumb --help`"),
  "PL-LISTEN-UNSAFE": never(
    "an address other than loopback without authentication",
    "give --tokens FILE, or listen on 127.0.0.1",
  ),
  "PL-LISTEN-TAKEN": never("the address is in use", "end the other program or choose another port with --listen"),
  "PL-DATA-UNWRITABLE": never("the data folder cannot be written", "give a writable folder with --data-dir"),

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

  "PL-KIND-UNKNOWN": interval(
    "the server knows no such kind",
    "check apiVersion and kind for typing errors, or install the CustomResourceDefinition",
  ),
  "PL-KIND-REMOVED": revision(
    "the server no longer serves this version of the kind",
    "change apiVersion to a version that is served",
  ),
  "PL-OBJECT-CLAIMED": interval(
    "the object belongs to another application",
    "remove it from one of the two applications",
  ),

  "PL-KUBE-UNREACHABLE": soon(
    "the API server does not answer",
    "check the kubeconfig and the network; Plumbline tries again by itself",
  ),
  "PL-KUBE-CONFIG": never("the kubeconfig cannot be used", "check the file and the context"),
  "PL-KUBE-UNAUTHORIZED": interval(
    "the API server does not know who we are",
    "renew the credentials in the kubeconfig",
  ),
  "PL-KUBE-FORBIDDEN": interval("the API server does not allow it", "grant the permission that is named"),
  "PL-KUBE-INVALID": revision("the API server refuses the object", "correct the fields that are named"),
  "PL-KUBE-IMMUTABLE": revision(
    "a field that cannot be changed",
    "restore the field in Git, or delete the object so that it is created anew",
  ),
  "PL-KUBE-UNKNOWN-FIELD": revision("a field that the kind does not have", "correct or remove the field"),
  "PL-KUBE-CONFLICT": soon("somebody changed the object at the same moment", "nothing; it is tried again by itself"),
  "PL-KUBE-NOT-FOUND": soon(
    "the object, or the namespace it goes to, is not there",
    "create the namespace, or set spec.destination.createNamespace",
  ),
  "PL-KUBE-TERMINATING": soon(
    "the namespace is being deleted",
    "wait for it to go, or remove what blocks its deletion",
  ),
  "PL-KUBE-WEBHOOK": soon("an admission webhook refuses or does not answer", "look at the webhook that is named"),
  "PL-KUBE-QUOTA": interval("a quota is used up", "raise the quota or ask for less"),
  "PL-KUBE-BUSY": soon("the API server asks to wait", "nothing; it is tried again by itself"),
  "PL-KUBE-TIMEOUT": soon("the API server took too long", "nothing; it is tried again by itself"),
  "PL-KUBE-UNEXPECTED": soon("the API server's answer is not understood", "report it with the log lines around it"),

  "PL-APPLY-BLOCKED": soon("an earlier stage failed, so this object was not tried", "mend the objects that failed"),
  "PL-APPLY-TIMEOUT": soon("the pass reached its deadline", "look at what it waited for, or raise spec.sync.timeout"),
  "PL-PRUNE-WITHHELD": interval(
    "a guard holds a deletion back",
    "look at the plan; confirm or keep the objects that are named",
  ),
  "PL-PRUNE-BLOCKED": soon(
    "a deletion waits for finalizers",
    "look at the controller that owns the finalizer that is named",
  ),
  "PL-PASS-CANCELLED": soon("the pass was ended before its end", "nothing; the next pass starts from what is"),
  "PL-DEPENDENCY": interval(
    "an application that this one depends on is not ready or not known",
    "look at the application that is named",
  ),

  "PL-WEBHOOK-UNSIGNED": never("a webhook without a signature", "set the secret on the sender"),
  "PL-WEBHOOK-SIGNATURE": never("a webhook with a wrong signature", "set the same secret on both sides"),
  "PL-WEBHOOK-BODY": never("a webhook whose body is not understood", "send JSON that names the repository"),
  "PL-WEBHOOK-DISABLED": never("no webhook secret is set", "give --webhook-secret-file FILE"),
  "PL-API-NOT-FOUND": never("there is nothing at this address", "see /openapi.json"),
  "PL-API-BAD-REQUEST": never("the request does not fit its schema", "see /openapi.json"),
  "PL-API-TOO-LARGE": never("the body is larger than is read", "send less"),
  "PL-API-UNAUTHENTICATED": never("no token, or one that is not known", "send `Authorization: Bearer TOKEN`"),
  "PL-API-FORBIDDEN": never(
    "the token may not do this",
    "use a token with the role operator, or one for this application",
  ),
  "PL-API-HOST": never(
    "without authentication, a request for a name that is not this machine's",
    "use 127.0.0.1 or localhost, or start the server with --tokens FILE",
  ),
  "PL-API-CROSS-SITE": never(
    "without authentication, a request that another site's page sends",
    "send it from the server's own page or from a program, or start the server with --tokens FILE",
  ),
  "PL-API-BUSY": soon("more event streams are open than are served", "end one of them, or read the events in pages"),
  "PL-API-UNREACHABLE": never("the Plumbline server does not answer", "check --server, and that `plumb serve` runs"),
} as const satisfies Record<string, CodeEntry>;

export type ErrorCode = keyof typeof ERROR_CODES;

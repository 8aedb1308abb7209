import { type CodeEntry, interval, never, revision, soon } from "./code-entry.ts";
import { PROJECT_CODES } from "./project-codes.ts";
import { SOURCE_CODES } from "./source-codes.ts";

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
  "PL-REPLICA-AWAY": soon(
    "the replica that works on the application does not answer",
    "ask again: a replica that is gone is replaced within 15 seconds; else check its --replica-address and the network between the replicas",
  ),
  "PL-REPLICA-BOARD": soon(
    "Redis does not show the replicas to one another: it does not answer, or began anew a moment ago",
    "bring Redis back (the user needs what docs/spec/cli.md says); who is not heard of for 6.5 s writes nothing, and replicas go on by themselves when it answers",
  ),
  "PL-REPLICA-MOVING": soon(
    "the application is on its way from one replica to another, and nobody works on it for a moment; nothing was done",
    "ask again in a few seconds; where it stays so, `plumb get replicas` and /readyz say which replica cannot see the others",
  ),
  "PL-REPLICA-UNHEARD": soon(
    "the other replicas do not hear of this one, so that it works on nothing; others take over what it had",
    "see why it does not reach what --replicas names (the API server's Leases, or Redis): the log and the problem beside this one say it; it begins anew by itself",
  ),
  "PL-DATA-UNWRITABLE": never("the data folder cannot be written", "give a writable folder with --data-dir"),

  ...SOURCE_CODES,
  ...PROJECT_CODES,

  "PL-IGNORE-INVALID": revision(
    "a rule of what is left to others cannot be read",
    "correct the rule that is named; docs/spec/application.md has what may stand in one",
  ),

  "PL-FLEET-MEMBER": revision(
    "one of the applications that a declaration of many would make cannot be made",
    "correct what is named; the others are made, and nothing is removed for it",
  ),
  "PL-FLEET-NAME": revision(
    "two of the applications that a declaration of many would make get one name",
    "make spec.each.name tell them apart: {{ path.name }}, {{ value.NAME }}, {{ cluster }}",
  ),
  "PL-FLEET-EMPTY": interval(
    "the glob of a declaration of many matches no folder",
    "correct spec.source.path, or delete the declaration; what it made before stays until then",
  ),
  "PL-CLUSTER-UNKNOWN": never(
    "spec.destination.cluster names a cluster that this server does not serve",
    "name one of those that `plumb get clusters` shows, declare the cluster, or leave the field out",
  ),
  "PL-CLUSTER-AWAY": soon(
    "the cluster that the application is for does not answer",
    "look at the cluster and at the way there; it is asked again and again, and its applications go on by themselves when it answers",
  ),
  "PL-CLUSTER-CONFIG": never(
    "a kubeconfig that was given for a cluster cannot be used",
    "correct what is named (docs/spec/clusters.md); it is read again when it changes",
  ),
  "PL-WINDOW-INVALID": never(
    "a window of spec.sync.windows cannot be read, so nothing is written",
    "write the five fields of cron, a time zone such as Europe/Berlin, and a duration above zero",
  ),
  "PL-APPROVE-MOVED": never(
    "the plan that was to be approved is not the one at hand",
    "look at the plan that there is now with `plumb plan`, and approve that one",
  ),
  "PL-APPROVE-UNASKED": never(
    "nothing waits for an approval",
    "set spec.sync.approve where the application is declared, if its plans are to be approved",
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
  "PL-ADOPT-CLAIMED": interval(
    "the object is there already, and another tool that still runs claims it",
    "take the object out of that tool, or allow it: spec.sync.adopt: all, or plumbline.dev/adopt: allowed on the object in Git",
  ),
  "PL-ADOPT-REFUSED": interval(
    "the object is there already, and spec.sync.adopt is never",
    "set spec.sync.adopt: unclaimed, or annotate the object in Git with plumbline.dev/adopt: allowed",
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
    "restore the field in Git, or allow the object to be replaced: plumbline.dev/replace: allowed on it in Git",
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
  "PL-KUBE-WEBHOOK": soon("an admission webhook refuses", "look at the webhook that is named"),
  "PL-KUBE-WEBHOOK-AWAY": soon(
    "a webhook (of admission or of conversion) does not answer",
    "look at the workload behind the Service that is named; it is tried again by itself",
  ),
  "PL-KIND-AWAY": soon(
    "the kind's own API server (an APIService) does not answer",
    "look at the APIService that is named; it is tried again by itself",
  ),
  "PL-KUBE-QUOTA": interval("a quota is used up", "raise the quota or ask for less"),
  "PL-KUBE-BUSY": soon("the API server asks to wait", "nothing; it is tried again by itself"),
  "PL-KUBE-TIMEOUT": soon("the API server took too long", "nothing; it is tried again by itself"),
  "PL-KUBE-UNEXPECTED": soon("the API server's answer is not understood", "report it with the log lines around it"),

  "PL-HEALTH-EXPRESSION": never(
    "an expression of spec.health cannot be used",
    "correct the expression; what its rule is about is Unknown until then",
  ),
  "PL-APPLY-BLOCKED": soon("an earlier stage failed, so this object was not tried", "mend the objects that failed"),
  "PL-APPLY-TIMEOUT": soon("the pass reached its deadline", "look at what it waited for, or raise spec.sync.timeout"),
  "PL-ORDER-CYCLE": revision(
    "objects that wait for each other in a circle",
    "take one of the waits that are named out: a config.kubernetes.io/depends-on, a wave, or a hook's phase",
  ),
  "PL-ORDER-MISSING": interval(
    "config.kubernetes.io/depends-on names an object that is neither in Git nor in the cluster",
    "correct the name, add the object to Git, or create it",
  ),
  "PL-WAVE-TIMEOUT": soon(
    "an object did not get healthy within spec.sync.waveTimeout, and others wait for it",
    "look at the object that is named, or raise spec.sync.waveTimeout",
  ),
  "PL-HOOK-FAILED": interval(
    "a hook failed; it is not run again for the same manifests by itself",
    "look at the hook's object and its logs; `plumb sync APP` runs it again, and so does a new commit",
  ),
  "PL-HOOK-TIMEOUT": interval(
    "a hook did not end within spec.sync.hookTimeout",
    "look at the hook's object and its logs, or raise spec.sync.hookTimeout; `plumb sync APP` runs it again",
  ),
  "PL-PRUNE-WITHHELD": interval(
    "a guard holds a deletion back",
    "look at the plan; confirm or keep the objects that are named",
  ),
  "PL-DECLARED": never(
    "an application cannot be deleted by command while it is declared",
    "delete its declaration: the document in its file, or the Application object",
  ),
  "PL-PLAN-CHANGED": never(
    "a sync was asked for of a plan that is another one by now",
    "look at `plumb plan` again, and ask for the plan that it shows",
  ),
  "PL-PRUNE-BLOCKED": soon(
    "a deletion waits for finalizers",
    "look at the controller that owns the finalizer that is named",
  ),
  "PL-REDIS-AWAY": soon(
    "Redis does not do its part: it is away, slow or full, or refuses the password, the certificate or a command; every process goes on from its own memory",
    "bring Redis back, or give the user what docs/spec/cli.md says; until then no turn is shared between processes, and nothing is lost",
  ),
  "PL-REDIS-POLICY": interval(
    "Redis may throw away what waits in it, since its maxmemory-policy is not noeviction",
    "set `maxmemory-policy noeviction`; Plumbline needs about 2 kB of it an application",
  ),
  "PL-REDIS-JOB": never(
    "a job in Redis does not have the form that Plumbline gives it; it was not done",
    "see who else writes under the prefix {plumbline}, and give Redis a user and a password",
  ),

  "PL-PASS-CANCELLED": soon("the pass was ended before its end", "nothing; the next pass starts from what is"),
  "PL-PASS-SUPERSEDED": interval(
    "the pass ended while it waited, since there is something newer to do",
    "nothing; the next pass has begun",
  ),
  "PL-FENCED": soon(
    "this replica may not write for the application: another has it, or nobody knows whose it is",
    "nothing; the replica that has it writes, and this one looks again when it is its turn",
  ),
  "PL-DEPENDENCY-CYCLE": interval(
    "applications that depend on each other in a circle; none of them writes",
    "take one of the dependencies that are named out of spec.dependsOn",
  ),

  "PL-OBSERVE-ONLY": never(
    "what people say of an application is kept in the cluster, and in observe mode nothing is written there",
    "set spec.sync.observe to false first",
  ),
  "PL-ROLLBACK-TARGET": never(
    "it is not clear which revision to go back to",
    "name one: `plumb history APP` lists those that were applied, and any commit of the repository will do",
  ),
  "PL-INSTRUCTION-ABSENT": never(
    "there is nothing of that kind to take back",
    "look at the application: `plumb get applications`",
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

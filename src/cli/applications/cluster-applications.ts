import type { ApiResource, Cluster, LiveChange } from "../../cluster/index.ts";
import { sleep } from "../../kit/sleep.ts";
import {
  type Application,
  type Fleet,
  type LiveObject,
  type Log,
  PlumblineError,
  type Problem,
  toProblem,
} from "../../model/index.ts";
import { formatMisfit, readApplication } from "./application-document.ts";

const KIND = { group: "plumbline.dev", version: "v1alpha1", kind: "Application" } as const;

/** How often is looked for a definition, or a server, that was not there. */
const AGAIN_MS = 60_000;
const AGAIN_SOON_MS = 5000;

/** An Application object, and what it is: in force, or refused. */
export interface ClusterApplication {
  readonly name: string;
  readonly object: LiveObject;
  readonly application?: Application;
  /** In place of an application: a declaration of many. */
  readonly fleet?: Fleet;
  readonly problem?: Problem;
}

export interface ClusterApplicationsSettings {
  readonly cluster: Cluster;
  readonly log: Log;
  /** Every object of the kind, after each change of one of them. */
  readonly onChange: (all: readonly ClusterApplication[]) => void;
  /** The cluster was asked, and does not know the kind or does not let us see it; why, in a sentence. */
  readonly onUnseen?: (why: string) => void;
}

/** Application objects of the cluster. Where it does not know the kind, nothing is said, and it is looked for again now and then. */
export class ClusterApplications {
  readonly #settings: ClusterApplicationsSettings;
  readonly #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #unsubscribe: (() => void) | undefined;

  constructor(settings: ClusterApplicationsSettings) {
    this.#settings = settings;
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new PlumblineError("PL-PASS-CANCELLED", { message: "Plumbline is stopping" }));
    this.#unsubscribe?.();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { cluster, log } = this.#settings;
    while (!signal.aborted) {
      try {
        return await this.#follow(await cluster.resource(KIND, signal), signal);
      } catch (error) {
        const problem = toProblem(error);
        const isAbsent = problem.code.startsWith("PL-KIND-");
        if (!signal.aborted) log.debug({ ...problem }, "Application objects are not read");
        if (!signal.aborted && isAbsent) this.#settings.onUnseen?.("the cluster does not know the kind Application");
        if (!signal.aborted && problem.code === "PL-KUBE-FORBIDDEN") this.#settings.onUnseen?.(problem.message);
        await sleep(isAbsent ? AGAIN_MS : AGAIN_SOON_MS, signal).catch(() => {});
      }
    }
  }

  async #follow(resource: ApiResource, signal: AbortSignal): Promise<void> {
    const { cluster, log } = this.#settings;
    await cluster.live.follow(resource, "all", signal);
    this.#unsubscribe = cluster.live.onChange((change) => {
      if (isApplicationChange(change)) this.#changed();
    });
    log.debug({}, "Application objects of the cluster are followed");
    this.#changed();
  }

  #changed(): void {
    const { cluster, onChange } = this.#settings;
    onChange(cluster.live.all(KIND).map(read));
  }
}

function isApplicationChange({ ref }: LiveChange): boolean {
  return ref.kind === KIND.kind && ref.group === KIND.group;
}

/** Its status is ours, and its metadata are the server's: only name, labels, annotations and spec are the author's. */
function read(object: LiveObject): ClusterApplication {
  const { name, namespace = "default", labels = {}, annotations = {} } = object.metadata;
  const full = `${namespace}/${name}`;
  const metadata = { name, namespace, labels, annotations };
  const { application, fleet, misfits } = readApplication({
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata,
    spec: object["spec"],
  });
  if (application !== undefined) return { name: full, object, application };
  if (fleet !== undefined) return { name: full, object, fleet };
  const message = misfits.map(formatMisfit).join("; ");
  const next = "correct the fields that are named";
  return {
    name: full,
    object,
    problem: toProblem(new PlumblineError("PL-CONFIG-INVALID", { message, where: full, next })),
  };
}

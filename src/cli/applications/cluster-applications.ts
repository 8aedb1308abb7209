import type { Cluster } from "../../cluster/index.ts";
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
import { FollowedKind } from "./followed-kind.ts";

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
  readonly onUnseen: (why: string) => void;
}

/** Application objects of all namespaces of the cluster. Which of them count is said by Projects. */
export function followApplications({ cluster, log, onChange, onUnseen }: ClusterApplicationsSettings): FollowedKind {
  return new FollowedKind({
    ...{ cluster, log, kind: { group: "plumbline.dev", version: "v1alpha1", kind: "Application" } },
    ...{ onChange: (all) => onChange(all.map(read)), onAbsent: onUnseen, onForbidden: onUnseen },
  });
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

import { type JsonObject, parseApiVersion } from "../../../model/index.ts";
import { jobCompletions, jobDuration, jobStatus } from "./cells.ts";
import { AGE, type Cell, type Column, column, counts, shows } from "./column.ts";
import { podStatus, readyCount, restarts } from "./pod-status.ts";
import { age, at, count, joined, list, selectorText, text } from "./read.ts";

const TEMPLATE = "spec.template.spec";
const containersOf = (head: string, path: string, field: "image" | "name"): Column =>
  column(head, (object) => joined(list(object, `${path}.containers`).map((container) => container[field])));

const CONTAINERS = containersOf("Containers|wide", TEMPLATE, "name");
const IMAGES = containersOf("Images|wide", TEMPLATE, "image");
const SELECTOR = column("Selector|wide", (object) => selectorText(at(object, "spec.selector")));
const WORKLOAD = [AGE, CONTAINERS, IMAGES, SELECTOR];
const ready: Cell = (object) => `${count(object, "status.readyReplicas")}/${text(object, "spec.replicas", "0")}`;

const REPLICAS = [
  counts("Desired:integer", "spec.replicas"),
  counts("Current:integer", "status.replicas"),
  counts("Ready:integer", "status.readyReplicas"),
  ...WORKLOAD,
];

function readinessGates(pod: JsonObject): string {
  const gates = list(pod, "spec.readinessGates").map(({ conditionType }) => conditionType);
  const open = list(pod, "status.conditions").filter(({ type, status }) => gates.includes(type) && status === "True");
  return gates.length === 0 ? "<none>" : `${open.length}/${gates.length}`;
}

/** Of the kinds that run something, and of their templates. */
export const WORKLOADS: { readonly [kind: string]: readonly Column[] } = {
  Pod: [
    column("Ready", readyCount),
    column("Status", podStatus),
    column("Restarts", restarts),
    AGE,
    shows("IP|wide", "status.podIP"),
    shows("Node|wide", "spec.nodeName"),
    shows("Nominated Node|wide", "status.nominatedNodeName"),
    column("Readiness Gates|wide", readinessGates),
  ],
  Deployment: [
    column("Ready", ready),
    counts("Up-to-date", "status.updatedReplicas"),
    counts("Available", "status.availableReplicas"),
    ...WORKLOAD,
  ],
  ReplicationController: REPLICAS,
  ReplicaSet: REPLICAS,
  PodTemplate: [
    containersOf("Containers", "template.spec", "name"),
    containersOf("Images", "template.spec", "image"),
    column("Pod Labels", (one) => selectorText(at(one, "template.metadata.labels"))),
  ],
  ControllerRevision: [
    column("Controller", (revision) => {
      const owner = list(revision, "metadata.ownerReferences").find(({ controller }) => controller === true);
      if (owner === undefined) return "<none>";
      const { group } = parseApiVersion(text(owner, "apiVersion"));
      return `${text(owner, "kind").toLowerCase()}${group === "" ? "" : `.${group}`}/${text(owner, "name")}`;
    }),
    counts("Revision", "revision"),
    AGE,
  ],
  StatefulSet: [column("Ready", ready), AGE, CONTAINERS, IMAGES],
  DaemonSet: [
    counts("Desired:integer", "status.desiredNumberScheduled"),
    counts("Current:integer", "status.currentNumberScheduled"),
    counts("Ready:integer", "status.numberReady"),
    counts("Up-to-date:integer", "status.updatedNumberScheduled"),
    counts("Available:integer", "status.numberAvailable"),
    column("Node Selector", (set) => selectorText(at(set, `${TEMPLATE}.nodeSelector`))),
    ...WORKLOAD,
  ],
  Job: [
    column("Status", jobStatus),
    column("Completions", jobCompletions),
    column("Duration", (job, now) => jobDuration(job, now)),
    ...WORKLOAD,
  ],
  CronJob: [
    shows("Schedule", "spec.schedule"),
    shows("Timezone", "spec.timeZone"),
    column("Suspend:boolean", (job) => (at(job, "spec.suspend") === true ? "True" : "False")),
    counts("Active:integer", "status.active"),
    column("Last Schedule", (job, now) =>
      at(job, "status.lastScheduleTime") === undefined ? "<none>" : age(at(job, "status.lastScheduleTime"), now),
    ),
    AGE,
    containersOf("Containers|wide", `spec.jobTemplate.${TEMPLATE}`, "name"),
    containersOf("Images|wide", `spec.jobTemplate.${TEMPLATE}`, "image"),
    column("Selector|wide", (job) => selectorText(at(job, "spec.jobTemplate.spec.selector"))),
  ],
};

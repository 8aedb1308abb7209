import type { JsonObject } from "../../../model/index.ts";
import { AGE, type Column, column, counts, shows } from "./column.ts";
import { at, duration, joined, list, selectorText, text, texts } from "./read.ts";

const paramKind = column("ParamKind", (policy) =>
  at(policy, "spec.paramKind") === undefined
    ? "<unset>"
    : `${text(policy, "spec.paramKind.apiVersion")}/${text(policy, "spec.paramKind.kind")}`,
);

const paramRef = column("ParamRef", (binding) => {
  const [name, selector] = [text(binding, "spec.paramRef.name", ""), at(binding, "spec.paramRef.selector")];
  if (name !== "") return `${text(binding, "spec.paramRef.namespace", "*")}/${name}`;
  return selector === undefined ? "<unset>" : selectorText(selector);
});

const BINDING = [shows("PolicyName", "spec.policyName", ""), paramRef, AGE];
const QUEUING = "spec.limited.limitResponse.queuing";

/** A number, or a word where there is none. */
const number = (head: string, path: string): Column => column(head, (object) => at(object, path) ?? "<none>");

/** Of kinds that an administrator sees, or nobody. */
export const RARE: { readonly [kind: string]: readonly Column[] } = {
  CertificateSigningRequest: [
    AGE,
    shows("SignerName", "spec.signerName"),
    shows("Requestor", "spec.username", ""),
    column("RequestedDuration", (request) => {
      const seconds = at(request, "spec.expirationSeconds");
      return typeof seconds === "number" ? duration(seconds) : "<none>";
    }),
    column("Condition", requestState),
  ],
  CSINode: [counts("Drivers:integer", "spec.drivers"), AGE],
  DeviceClass: [AGE],
  FlowSchema: [
    shows("PriorityLevel", "spec.priorityLevelConfiguration.name", ""),
    counts("MatchingPrecedence", "spec.matchingPrecedence"),
    shows("DistinguisherMethod", "spec.distinguisherMethod.type"),
    AGE,
    column("MissingPL", (schema) => {
      const dangling = list(schema, "status.conditions").find(({ type }) => type === "Dangling");
      return dangling === undefined ? "?" : text(dangling, "status", "");
    }),
  ],
  IPAddress: [column("ParentRef", parent)],
  MutatingAdmissionPolicy: [counts("Mutations:integer", "spec.mutations"), paramKind, AGE],
  MutatingAdmissionPolicyBinding: BINDING,
  MutatingWebhookConfiguration: [counts("Webhooks:integer", "webhooks"), AGE],
  PriorityLevelConfiguration: [
    shows("Type", "spec.type", ""),
    number("NominalConcurrencyShares", "spec.limited.nominalConcurrencyShares"),
    number("Queues", `${QUEUING}.queues`),
    number("HandSize", `${QUEUING}.handSize`),
    number("QueueLengthLimit", `${QUEUING}.queueLengthLimit`),
    AGE,
  ],
  ResourceClaim: [column("State", claimState), AGE],
  ResourceClaimTemplate: [AGE],
  ResourceSlice: [
    shows("Node", "spec.nodeName", ""),
    shows("Driver", "spec.driver", ""),
    shows("Pool", "spec.pool.name", ""),
    AGE,
  ],
  RuntimeClass: [shows("Handler", "handler", ""), AGE],
  ServiceCIDR: [column("CIDRs", (one) => texts(one, "spec.cidrs").join(",")), AGE],
  ValidatingAdmissionPolicy: [counts("Validations:integer", "spec.validations"), paramKind, AGE],
  ValidatingAdmissionPolicyBinding: BINDING,
  ValidatingWebhookConfiguration: [counts("Webhooks:integer", "webhooks"), AGE],
  VolumeAttachment: [
    { ...shows("Attacher", "spec.attacher", ""), format: "name" },
    shows("PV", "spec.source.persistentVolumeName", ""),
    shows("Node", "spec.nodeName", ""),
    column("Attached:boolean", (one) => at(one, "status.attached") === true),
    AGE,
  ],
  VolumeAttributesClass: [shows("DriverName", "driverName", ""), AGE],
};

function requestState(request: JsonObject): string {
  const holds = (wanted: string): boolean => list(request, "status.conditions").some(({ type }) => type === wanted);
  const decided = ["Denied", "Approved"].find(holds) ?? "Pending";
  const issued = text(request, "status.certificate", "") === "" ? [] : ["Issued"];
  return [decided, ...["Failed"].filter(holds), ...issued].join(",");
}

function claimState(claim: JsonObject): string {
  const gone = at(claim, "metadata.deletionTimestamp") !== undefined;
  if (at(claim, "status.allocation") === undefined) return gone ? "deleted" : "pending";
  const reserved = list(claim, "status.reservedFor").length > 0;
  return joined([...(gone ? ["deleted"] : []), "allocated", ...(reserved ? ["reserved"] : [])]);
}

function parent(address: JsonObject): string {
  const path = (name: string): string => text(address, `spec.parentRef.${name}`, "");
  if (at(address, "spec.parentRef") === undefined) return "<none>";
  const resource = [path("resource"), path("group")].filter((part) => part !== "").join(".");
  return [resource.toLowerCase(), path("namespace"), path("name")].filter((part) => part !== "").join("/");
}

import { readFile } from "node:fs/promises";

/** One line of the audit log, at level Metadata. Source: Kubernetes, "audit.k8s.io/v1 Event". */
export interface AuditEvent {
  readonly auditID: string;
  readonly stage: "ResponseStarted" | "ResponseComplete" | "Panic";
  /** get, list, watch, create, update, patch, delete, deletecollection; for apply too, it is patch. */
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username: string; readonly groups?: readonly string[] };
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly apiVersion?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly reason?: string };
  /** RFC 3339 with microseconds, so text order is time order. */
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
}

export interface AuditFilter {
  /** User name; those of a control plane's own parts are controller-manager, scheduler, kwok and system:apiserver. */
  readonly user?: string;
  readonly verbs?: readonly string[];
  readonly resource?: string;
  readonly namespace?: string;
}

/** The events so far, in the order of the log. The server writes an event before the client has the whole answer. */
export async function readAuditEvents(path: string, filter: AuditFilter = {}): Promise<readonly AuditEvent[]> {
  const text = await readFile(path, "utf8");
  // The piece after the last line break is empty, or a line that is being written.
  const lines = text.split("\n").slice(0, -1);
  const events: AuditEvent[] = lines.map((line) => JSON.parse(line));
  return events.filter((event) => matchesAudit(event, filter));
}

export function matchesAudit({ user, verb, objectRef }: AuditEvent, filter: AuditFilter): boolean {
  const wanted = [
    [filter.user, user.username],
    [filter.resource, objectRef?.resource],
    [filter.namespace, objectRef?.namespace],
  ];
  return wanted.every(([want, got]) => want === undefined || want === got) && (filter.verbs?.includes(verb) ?? true);
}

import type { AuditEvent } from "../../controlplane/index.ts";
import { type Key, keyOf } from "../garden.ts";
import { KINDS } from "../kinds.ts";
import type { Timeline } from "../timeline.ts";

/**
 * Deletions by Plumbline of what Git had all the time, one sentence each.
 *
 * A deletion is right when some revision did not want the object: one that was the newest at some time between the last moment at which
 * everything was seen to be as Git says, and the deletion. Which application wanted it does not matter: what moves from one to the
 * other is in Git all the time.
 */
export function wrongDeletions(events: readonly AuditEvent[], timeline: Timeline): readonly string[] {
  return events.flatMap((event) => {
    const key = deleted(event);
    if (key === undefined || !isWantedThroughout(key, event.stageTimestamp, timeline)) return [];
    return [`${key} was deleted at ${event.stageTimestamp} though Git had it all the time (audit ${event.auditID})`];
  });
}

/** The object of a deletion that the server carried out. */
export function deleted({ verb, stage, responseStatus, objectRef }: AuditEvent): Key | undefined {
  const done = (responseStatus?.code ?? 500) < 300 && stage === "ResponseComplete";
  if (verb !== "delete" || !done || (objectRef?.subresource ?? "") !== "") return undefined;
  const kind = KINDS.find(({ plural }) => plural === objectRef?.resource)?.kind ?? objectRef?.resource ?? "";
  const { namespace, name = "" } = objectRef ?? {};
  return keyOf({ kind, metadata: namespace === undefined ? { name } : { name, namespace } });
}

function isWantedThroughout(key: Key, at: string, { revisions, checkpoints }: Timeline): boolean {
  const since = checkpoints.filter((one) => isBefore(one.at, at)).at(-1)?.position ?? 0;
  const relevant = revisions.slice(since).filter(({ from }) => isBefore(from, at));
  return relevant.length > 0 && relevant.every(({ wanted }) => wanted.has(key));
}

function isBefore(one: string, other: string): boolean {
  return Date.parse(one) <= Date.parse(other);
}

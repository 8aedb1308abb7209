import type { ApplicationStatus, Pin, Suspension } from "../model/index.ts";
import { short } from "./instruction-text.ts";
import type { ReportEvent } from "./types.ts";

interface Change {
  readonly before: ApplicationStatus | undefined;
  readonly after: ApplicationStatus;
}

/** What people have said of the application, and have taken back or let expire. */
export function instructionEvents({ before, after }: Change): Pick<ReportEvent, "type" | "reason" | "message">[] {
  const events: Pick<ReportEvent, "type" | "reason" | "message">[] = [];
  const tell = (reason: string, message: string) => events.push({ type: "Normal", reason, message });
  const { pin, suspended } = after;
  if (pin !== undefined && !isSame(pin, before?.pin)) tell("Pinned", `to ${short(pin.revision)} ${saying(pin)}`);
  if (pin === undefined && before?.pin !== undefined)
    tell("Unpinned", `from ${short(before.pin.revision)}, said by ${before.pin.by}${until(before.pin)}`);
  if (suspended !== undefined && !isSame(suspended, before?.suspended)) tell("Suspended", saying(suspended));
  if (suspended === undefined && before?.suspended !== undefined)
    tell("Resumed", `it was suspended by ${before.suspended.by}${until(before.suspended)}`);
  return events;
}

function isSame(one: Pin | Suspension, other: Pin | Suspension | undefined): boolean {
  return one.at === other?.at && one.by === other.by && one.until === other.until;
}

function saying(said: Pin | Suspension): string {
  return `by ${said.by}${until(said)}: ${said.reason}`;
}

function until({ until: time }: Pin | Suspension): string {
  return time === undefined ? "" : ` until ${time}`;
}

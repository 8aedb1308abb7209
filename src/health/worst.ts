import { type ApplicationHealth, formatRef, HEALTH_STATUSES, type Health, type Ref } from "../model/index.ts";

/** The application is as healthy as its worst object, which is named. Of equals the first decides. */
export function worstOf(judged: readonly { readonly ref: Ref; readonly health: Health }[]): ApplicationHealth {
  const rank = ({ status }: Health) => HEALTH_STATUSES.indexOf(status);
  const [first, ...rest] = judged;
  if (first === undefined) return { status: "Healthy", message: "no objects" };
  const worst = rest.reduce((one, other) => (rank(other.health) > rank(one.health) ? other : one), first);
  const { status, message } = worst.health;
  if (status === "Healthy") return { status, message: `${judged.length} of ${judged.length} objects are healthy` };
  return { status, message: `${formatRef(worst.ref)}: ${message}`, decidedBy: worst.ref };
}

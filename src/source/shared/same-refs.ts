import type { ServerRef } from "../server-ref.ts";
import type { ToldRefs } from "./refs-answer.ts";

/** What a server listed, and by which prefixes it was asked. */
interface Listed {
  readonly refs: readonly ServerRef[];
  readonly asked: readonly string[];
}

/** Whether a repository says something else of what it was asked for both times, or is away, or is back. */
export function isNews(before: ToldRefs, told: ToldRefs): boolean {
  if ((before.failing === undefined) !== (told.failing === undefined)) return true;
  return before.good !== undefined && told.good !== undefined && !sameListed(before.good, told.good);
}

/** As far as both were asked for it. */
export function sameListed(before: Listed, after: Listed): boolean {
  return sameRefs(
    before.refs.filter(({ ref }) => isAsked(ref, after)),
    after.refs.filter(({ ref }) => isAsked(ref, before)),
  );
}

function isAsked(ref: string, { asked }: Listed): boolean {
  return asked.some((prefix) => ref.startsWith(prefix));
}

export function sameRefs(before: readonly ServerRef[], after: readonly ServerRef[]): boolean {
  if (before === after) return true;
  const known = new Map(before.map((one) => [one.ref, one]));
  return (
    known.size === after.length &&
    after.every(({ ref, oid, target }) => known.get(ref)?.oid === oid && known.get(ref)?.target === target)
  );
}

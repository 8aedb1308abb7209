import { sidesOf, toJsonPatch } from "../diff/index.ts";
import { type LiveObject, PlumblineError, refKey } from "../model/index.ts";
import { desiredState } from "./desired.ts";
import type { Observed } from "./observe.ts";
import { look } from "./pass.ts";
import type { PassInput } from "./pass-input.ts";
import { resourceStatuses } from "./status.ts";
import type { Difference } from "./types.ts";

/** What differs now, and no write. Errors: PlumblineError of the step that failed, or of the newest revision where no whole one is known. */
export async function differencesOnly(input: PassInput): Promise<readonly Difference[]> {
  const desired = await desiredState(input, input.steps);
  const [problem] = desired.problems;
  if (problem !== undefined && input.memory.rendered === undefined) throw new PlumblineError(problem.code, problem);
  const observed = await look(input, desired, input.steps);
  const live = liveObjects(observed);
  const manifests = new Map(desired.prepared.map(({ ref, object }) => [refKey(ref), object]));
  return resourceStatuses(observed, [], input.memory).map((resource): Difference => {
    const key = refKey(resource.ref);
    return {
      resource,
      sides: () => sidesOf(live.get(key), resource.changes, manifests.get(key)),
      patch: () => toJsonPatch(live.get(key), resource.changes, manifests.get(key)),
    };
  });
}

/** Those that Git wants, and those that are to go. */
function liveObjects({ live, members, plan }: Observed): ReadonlyMap<string, LiveObject> {
  const byUid = new Map(members.map((member) => [member.metadata.uid, member]));
  const leaving = plan.prunes.flatMap(({ ref, uid = "" }) => {
    const member = byUid.get(uid);
    return member === undefined ? [] : [[refKey(ref), member] as const];
  });
  return new Map([...live, ...leaving]);
}

import {
  type Application,
  type ApplicationName,
  applicationName,
  type Declaration,
  type Fleet,
} from "../model/index.ts";
import { serviceAccountOf } from "../plan/index.ts";

/**
 * Somebody who declares applications: a file, the cluster's Application objects, a declaration that makes a fleet. All that he declares is given each
 * time anew, so what he does not name any more is known without any memory: its parent in the cluster says who declared it (decision 0027).
 */
export interface Declarer {
  /** Kept on the parent of each application: "file /etc/plumbline/applications", "cluster". The id of one that another declares (a fleet) begins with
   *  the id of that other and a space: where it is gone, and the other is sure, its applications are gone with it. */
  readonly id: string;
  readonly applications: readonly Application[];
  /** Declarations of many: each becomes a declarer of its own. */
  readonly fleets?: readonly Fleet[];
  /** Being deleted by a person, one by one: each is deleted as its own spec.deletion says. */
  readonly leaving?: readonly Application[];
  /** Declarations of many that a person is deleting, each with all that it made. */
  readonly leavingFleets?: readonly Fleet[];
  /** He is himself being deleted by a person, with all that the cluster says was declared by him. */
  readonly ending?: Ending;
  /** Why this may not be all that he declares, in a sentence. Nothing of his is given up meanwhile. */
  readonly unsure?: string;
  /** Named by him and not understood: that is no reason to give them up. */
  readonly unread?: readonly ApplicationName[];
  /** He was not looked at yet, and may declare anything: until then nobody is judged. */
  readonly pending?: boolean;
  /** What he does not name any more was deleted without being told in `leaving`: its objects are never deleted for it. */
  readonly tellsLeaving?: boolean;
}

export interface Ending {
  /** Of the declaration that is deleted. */
  readonly name: ApplicationName;
  readonly how: "prune" | "orphan";
  /** What it made, as far as that is known. */
  readonly members: readonly Application[];
}

/** An application, and who declares it. */
export interface Declared {
  readonly application: Application;
  readonly by: string;
}

/** By name; of several who declare one application the first has it. */
export function declaredBy(declarers: readonly Declarer[]): ReadonlyMap<ApplicationName, Declared> {
  const found = new Map<ApplicationName, Declared>();
  for (const { id, applications } of declarers) {
    for (const application of applications) {
      const name = applicationName(application);
      if (!found.has(name)) found.set(name, { application, by: id });
    }
  }
  return found;
}

/** What the parent is to say of it; nothing where nobody could take the application back. */
export function declarationOf({ application, by }: Declared): Declaration | undefined {
  if (by === "") return undefined;
  const { deletion, project } = application.spec;
  const serviceAccount = serviceAccountOf(application);
  return {
    ...{ by, deletion },
    ...(project === undefined ? {} : { project }),
    ...(serviceAccount === undefined ? {} : { serviceAccount }),
  };
}

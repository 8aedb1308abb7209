import { type LiveObject, PlumblineError } from "../model/index.ts";

const MOST_TRIES = 5;

/** A manager out of managedFields: what it has set stays, and is nobody's. JSON patch. */
export function leaveOperations(
  { resourceVersion, managedFields = [] }: LiveObject["metadata"],
  manager: string,
): object[] {
  const others = managedFields.filter((entry) => entry.manager !== manager);
  return [
    // Another version is a conflict then, and tried again; a `test` that fails is a patch that is refused.
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    // An empty list would be taken for "as they are"; one empty entry takes all away. Source: Kubernetes, "Clearing managedFields".
    { op: "add", path: "/metadata/managedFields", value: others.length === 0 ? [{}] : others },
  ];
}

/** False where somebody else wrote meanwhile: look again, and try again. Errors: of the write; that conflict, at the last of `tries`. */
export async function isThrough(tries: number, write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    const isStale = error instanceof PlumblineError && error.code === "PL-KUBE-CONFLICT";
    if (!isStale || tries === MOST_TRIES) throw error;
    return false;
  }
}

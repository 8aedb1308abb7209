import { type CodeEntry, interval, soon } from "./code-entry.ts";

const UNTOUCHED = "nothing of the application was applied or deleted";
const ALLOW = "or have whoever keeps the Project allow it";

/** Codes of what a Project does not allow. */
export const PROJECT_CODES = {
  "PL-PROJECT-MISSING": interval(
    "spec.project names a Project that is not there",
    `correct the name, or create the Project; ${UNTOUCHED}`,
  ),
  "PL-PROJECT-NONE": interval(
    "an application that needs a Project and has none: all do with `--projects required`, and Application objects outside Plumbline's own namespace as soon as there is any Project",
    "set spec.project to a Project that allows it, for an Application object one whose applicationNamespaces name its namespace, or create one named default",
  ),
  "PL-PROJECT-UNSEEN": soon(
    "the Projects of the cluster cannot be seen, so nobody knows what the application may do",
    "let Plumbline list projects.plumbline.dev; it is tried again by itself",
  ),
  "PL-PROJECT-INVALID": interval(
    "the Project cannot be read, so its applications do nothing",
    "correct the fields of the Project that are named",
  ),
  "PL-PROJECT-REPOSITORY": interval(
    "the Project does not let its applications read the repository",
    `name another repository, ${ALLOW} in spec.repositories; it was not read`,
  ),
  "PL-PROJECT-DESTINATION": interval(
    "the Project does not let its applications write to this cluster or namespace",
    `name another place, ${ALLOW} in spec.destinations; ${UNTOUCHED}`,
  ),
  "PL-PROJECT-KIND": interval(
    "the Project does not let its applications have objects of this kind",
    `remove the object, ${ALLOW} in spec.kinds or spec.clusterKinds; ${UNTOUCHED}`,
  ),
  "PL-PROJECT-SERVICE-ACCOUNT": interval(
    "the Project wants the application written as another service account",
    "set spec.serviceAccount to one that the Project's spec.serviceAccounts allows",
  ),
  "PL-PROJECT-NAMESPACE": interval(
    "the Project does not take Application objects from this namespace",
    "name another Project, or have whoever keeps this one add the namespace to spec.applicationNamespaces",
  ),
  "PL-PROJECT-DEPENDENCY": interval(
    "spec.dependsOn names an application of a project that this one may not wait for",
    `take it out of spec.dependsOn, ${ALLOW} in spec.dependencies; ${UNTOUCHED}`,
  ),
  "PL-SERVICE-ACCOUNT": interval(
    "it is not clear which service account spec.serviceAccount means",
    "write `namespace/name`, or give spec.destination.namespace",
  ),
} as const satisfies Record<string, CodeEntry>;

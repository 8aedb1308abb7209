import { globMatches } from "../../../src/kit/glob.ts";
import type { Difference } from "./differences.ts";

/**
 * Where the sandbox may answer otherwise than the real server, and why. `theme`, `scenario` and `asked` (the request, with its
 * number) are globs, all where they are left out; so is `path`, a pointer into the golden answer. One that nothing needs fails the suite.
 */
export interface Exception {
  readonly theme?: string;
  readonly scenario?: string;
  readonly asked?: string;
  readonly path: string;
  readonly reason: string;
}

export interface Place {
  readonly theme: string;
  readonly scenario: string;
}

export function excuses(exception: Exception, { theme, scenario }: Place, { asked, path }: Difference): boolean {
  return (
    globMatches(exception.theme ?? "*", theme) &&
    globMatches(exception.scenario ?? "*", scenario) &&
    globMatches(exception.asked ?? "*", asked) &&
    globMatches(exception.path, path)
  );
}

const MESSAGE = "/body/failure/*message";

const GO_READERS = "the words are those of Go's JSON and YAML readers; status, reason and place are the same";
const GO_TYPES = "the words name Go types, files and lines of the real server; status and reason are the same";
const QUOTED_PATCH =
  "the real server quotes the patched object or the patch as Go prints it; status, reason and field are the same";
const PROTOBUF = "the sandbox reads and writes no protobuf, and says so";
const SELECTORS = "the words are those of the real server's parser of selectors; status and reason are the same";
const STRUCT_DIFF = "the real server adds a diff of its Go structs to the words";
const GO_VALIDATOR =
  "the real server's validator stops or repeats itself as its library does; status and reason are the same";
const NO_TIMES = "a time that nobody set is null in what the real server writes, and left out here";
const NO_REVIEWS = "kubectl asks in protobuf, which is 501; in JSON everybody may do everything";

/** In the order of the themes. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    path: "*/columnDefinitions/*/description",
    reason: "the texts are documentation, which the sandbox does not carry",
  },
  {
    theme: "writing",
    scenario: "an update with another uid*",
    path: MESSAGE,
    reason: "the words name the key in etcd",
  },
  { theme: "refusals", scenario: "kind and apiVersion in the body*", path: MESSAGE, reason: GO_TYPES },
  { theme: "refusals", scenario: "what is no object*", path: MESSAGE, reason: GO_READERS },
  { theme: "refusals", scenario: "a media type*", path: MESSAGE, reason: PROTOBUF },
  { theme: "lists", scenario: "label selectors that nobody*", path: MESSAGE, reason: SELECTORS },
  {
    theme: "lists",
    scenario: "a token to go on with*",
    path: MESSAGE,
    reason: "the words tell how the real server encodes its tokens",
  },
  { theme: "patches", scenario: "a JSON patch that cannot*", asked: "7 *", path: MESSAGE, reason: GO_READERS },
  { theme: "patches", scenario: "a merge patch that makes no object*", path: MESSAGE, reason: QUOTED_PATCH },
  { theme: "patches", scenario: "a strategic patch that cannot*", path: MESSAGE, reason: QUOTED_PATCH },
  { theme: "apply", scenario: "an apply says what it is", asked: "? *", path: MESSAGE, reason: GO_READERS },
  { theme: "deleting", scenario: "options of a deletion*", asked: "3 *", path: MESSAGE, reason: GO_READERS },
  { theme: "deleting", scenario: "options of a deletion*", asked: "5 *", path: MESSAGE, reason: GO_TYPES },
  { theme: "deleting", scenario: "a collection is deleted*", asked: "9 *", path: MESSAGE, reason: SELECTORS },
  { theme: "validation", scenario: "fields that must not change*", asked: "9 *", path: MESSAGE, reason: STRUCT_DIFF },
  { theme: "validation", scenario: "volume claims and bindings*", asked: "1 *", path: MESSAGE, reason: STRUCT_DIFF },
  { theme: "field validation", scenario: "fields given twice*", asked: "3 *", path: MESSAGE, reason: GO_READERS },
  { theme: "field validation", scenario: "a patch is looked at*", path: MESSAGE, reason: QUOTED_PATCH },
  { theme: "subresources", path: "*/lastTransitionTime", reason: NO_TIMES },
  { theme: "subresources", path: "*/lastUpdateTime", reason: NO_TIMES },
  { theme: "subresources", path: "*/lastProbeTime", reason: NO_TIMES },
  { theme: "subresources", path: "*/f:last*Time", reason: NO_TIMES },
  { theme: "subresources", scenario: "a scale that cannot be*", asked: "3 *", path: MESSAGE, reason: GO_TYPES },
  { theme: "tables", scenario: "a list is a Table*", asked: "10 *", path: "/body/failure/*", reason: PROTOBUF },
  { theme: "tables", scenario: "a list is metadata only*", asked: "3 *", path: MESSAGE, reason: GO_TYPES },
  { theme: "kinds", scenario: "a new Event*", path: "/body/*Timestamp", reason: NO_TIMES },
  {
    theme: "definitions",
    scenario: "what is no definition*",
    asked: "4 *",
    path: "/body/failure/*",
    reason: "the real server also finds fault with the status that it has just made up",
  },
  {
    theme: "custom resources",
    scenario: "*its schema does not have*",
    asked: "8 *",
    path: "/body/failure/*",
    reason: GO_VALIDATOR,
  },
  {
    theme: "custom resources",
    scenario: "*its schema does not have*",
    asked: "12 *",
    path: "/body/failure/*",
    reason: GO_VALIDATOR,
  },
  {
    theme: "definitions",
    scenario: "a definition that goes*",
    path: "/body/status/conditions/2",
    reason: "the sandbox removes the objects at once, and does not say before that it will",
  },
  { theme: "custom resources", scenario: "a wrong metadata*", path: MESSAGE, reason: GO_TYPES },
  {
    theme: "custom resources",
    scenario: "a wrong metadata*",
    asked: "6 *",
    path: "/warnings",
    reason: "the real server also looks at the fields of a body that it refuses for its version",
  },
  {
    theme: "forgetting",
    scenario: "a list of a forgotten version*",
    asked: "5 *",
    path: "/body*",
    reason: "410 as there, without a token to go on from what has changed meanwhile: a new list is the way on",
  },
  { theme: "custom resources", scenario: "status and scale*", asked: "10 *", path: MESSAGE, reason: GO_VALIDATOR },
  {
    theme: "kubectl reading",
    scenario: "kubectl get says what there is not",
    asked: "4 *",
    path: "/body/stderr/0",
    reason: SELECTORS,
  },
  { theme: "kubectl reading", scenario: "kubectl auth can-i*", path: "/status", reason: NO_REVIEWS },
  { theme: "kubectl writing", scenario: "kubectl create KIND*", path: "/status", reason: PROTOBUF },
];

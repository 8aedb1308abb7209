/**
 * kinds: what kube-apiserver knows of its own kinds beyond their schemas.
 *
 * `prepareBuiltIn` gives an object as the server would store it: spelt as Go's types write it (nulls and what is empty left
 * out, quantities in canonical form), with every default, with what the server and its admission plugins fill in (addresses
 * and ports of Services, data out of stringData, selectors of Jobs, tolerations of Pods, finalizers, the first status).
 * `refuseBuiltIn` finds what the server refuses: what is missing, out of range, given twice or not to be changed. Errors:
 * ApiError 422 with a cause a field, in the server's order and words; a value of a Go type may be shown in JSON's names.
 *
 * The tables hold facts only: defaults.ts what OpenAPI does not publish, refuse.ts which rules a kind has. Both are held to
 * the real server by test/sandbox/kinds, where each difference that stays is listed with its reason. Objects are never changed.
 *
 * It does not know: quotas and limits, classes of priority other than the system's, webhooks.
 */
export { prepareBuiltIn } from "./prepare.ts";
export { refuseBuiltIn } from "./refuse.ts";
export { type Taken, takenBy } from "./service.ts";

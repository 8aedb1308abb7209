/**
 * patch: the three kinds of patch that are not an apply, as functions of the live object.
 *
 * It promises: what comes out is what kube-apiserver 1.36 makes of the same patch, before defaults and validation; what
 * goes in is never changed. Strategic merge patch takes its lists' strategies and keys from the schema's places (held to
 * apimachinery's own cases), JSON merge patch is RFC 7386, JSON patch RFC 6902.
 *
 * It refuses, with an ApiError: a malformed directive with 400 or, as the real server does, 500; a JSON patch that does
 * not apply with 422; more than 10,000 operations with 413; any field named __proto__ and nesting beyond 1,000 levels
 * with 400, for patches come from strangers.
 *
 * Not its business: that custom resources know no strategic merge patch (415), and whether the result is valid.
 */
export { jsonPatch } from "./json-patch.ts";
export { mergePatch } from "./merge-patch.ts";
export { strategicMerge } from "./strategic.ts";

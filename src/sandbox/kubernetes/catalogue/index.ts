/**
 * catalogue: which kinds are served, in which versions and with which fields.
 *
 * The built-in kinds are two generated tables, facts/kinds.json (what discovery says of a resource) and facts/types.json (the fields
 * of a type, one line each; the notation stands in notation.ts). `npm run sandbox:facts` asks the real kube-apiserver and writes them.
 * Out of the same lines come the OpenAPI documents that are served and the schemas that the sandbox itself reads: nothing is
 * expanded before it is asked for, and documents are made anew each time.
 *
 * A CustomResourceDefinition is served from `define` until `forget`; `refuseDefinition` says beforehand whether it may be written,
 * `definitionStatus` what the server answers to it. `discoveryDocument` gives what stands under /api and /apis.
 *
 * It refuses, with 501: conversion by webhook and rules in CEL. It does not serve: kinds that the real server has only as alpha or
 * beta, older versions of a kind, which would need converting, and Events of the group events.k8s.io, for the same reason.
 */
export { type Catalogue, createCatalogue } from "./catalogue.ts";
export { definitionStatus } from "./definition-status.ts";
export { discoveryDocument } from "./discovery.ts";
export { refuseDefinition } from "./refuse-definition.ts";

/**
 * A real registry for charts, and what only tests need around it.
 *
 * Promises: the registry is that of the CNCF Distribution project, built from its Go module (module/go.sum pins it) into the
 * cache of the control plane's builds, started on loopback with everything in memory, and stopped with the test. It asks
 * for nothing, for a user and password (htpasswd), or for tokens of a token server that is started beside it. Charts are pushed through the
 * registry's HTTP API as Helm pushes them. The same program answers what Masterminds' semver says of ranges, as Helm reads
 * them with it.
 *
 * Refuses: nothing; without Go and without a build `registryAvailability` says so, and fails where CI is "true".
 *
 * In: options, archives. Out: a Registry, a TokenServer, digests.
 */
export { BUILD_MS, registryAvailability, registryProgram } from "./program.ts";
export { pushChart } from "./push.ts";
export { type Registry, type RegistryOptions, run, startRegistry } from "./registry.ts";
export { basicHeader, startTokenServer, type TokenServer, type TokenServerOptions, tokenOf } from "./token-server.ts";

/**
 * The Git server of src/sandbox with what only tests need: bare repositories in a folder that goes away, plain or with TLS, open or
 * with credentials, counted requests and faults.
 *
 * Promises: what Git itself answers, protocol v2 unless the options say otherwise. Commits are made with `git fast-import`, a
 * few milliseconds each, with times that only ever grow, so that the same calls give the same ids. Each request is written
 * down with what it was (info/refs, ls-refs, fetch), so that a test can count them. Faults are made on the way, never in Git:
 * a status, silence, a pack that is cut short, a redirect, a pause.
 *
 * Refuses: addresses other than loopback.
 *
 * In: options, files. Out: a GitServer and its GitRepositories; `await server.stop()` ends and removes everything.
 */
export type { Changes } from "../../src/sandbox/index.ts";
export { type GitServer, type GitServerOptions, startGitServer } from "./git-server.ts";
export type { GitRepository } from "./repository.ts";

/**
 * A Git server on loopback, for trying Plumbline out and for tests: smart HTTP through `git http-backend`, so that any Git client
 * clones from it and pushes to it.
 *
 * Promises: what Git itself answers. `onPush` hears of each ref that a push changed, after Git has accepted it, and of nothing
 * else; `postPush` tells it on as GitHub would, signed. The same folder becomes the same first commit. No process of Git outlives
 * its request, the client that asked, or `stop()`. No configuration of the machine or the user has a say.
 *
 * Refuses: repositories that it was not told of, and every path that is not one of the three addresses of smart HTTP; bodies and
 * packs above 64 MiB; requests whose Host header is not loopback's, or which a page in a browser sends. To listen beyond loopback,
 * and to ask who somebody is: there is nothing here to protect but a copy. Nothing is written outside the folder it is given.
 *
 * In: a folder to keep repositories in, folders to make them of. Out: a GitServer; `SmartHttp` for those who listen themselves.
 * Errors: PL-DEMO-GIT-MISSING of requireGit().
 */
export type { GitAnswer } from "./backend.ts";
export { GIT_ENVIRONMENT, requireGit, runGit } from "./git-program.ts";
export {
  closeServer,
  type GitServer,
  type GitServerOptions,
  goneSignal,
  listenOnLoopback,
  readBody,
  startGitServer,
} from "./git-server.ts";
export { type Changes, FIRST_TIME, importCommit, initRepository } from "./repository.ts";
export { type Push, SmartHttp } from "./smart-http.ts";
export { postPush, type WebhookOptions } from "./webhook.ts";

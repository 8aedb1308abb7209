/**
 * A cluster and a Git server in memory, to try Plumbline out with nothing else installed, and for fast tests.
 *
 * Promises: kubectl, client-go and Plumbline cannot tell the API from a real one by what it answers: discovery, OpenAPI v3, all verbs, four
 * kinds of patch with the ownership of fields, watches, Tables, dry runs, field validation, subresources, deletion with finalizers and
 * owners, and definitions of custom resources. One suite holds it to the answers of kube-apiserver (test/sandbox/contract). Workloads are
 * played to their steady state within about a second, and fail when an annotation says so. The Git server is Git's own.
 *
 * Refuses, with 501 and PL-SANDBOX-UNSUPPORTED: what it knows of and does not do (logs, exec, tokens, webhooks that convert, rules in
 * CEL). It asks nobody who they are, so it listens on 127.0.0.1 only, answers under that name only, and no page in a browser.
 * Nothing is kept: a stop forgets everything.
 *
 * In: ports, folders. Out: a Sandbox with its address and kubeconfig; a GitServer.
 */
export {
  type Changes,
  closeServer,
  FIRST_TIME,
  GIT_ENVIRONMENT,
  type GitAnswer,
  type GitServer,
  type GitServerOptions,
  goneSignal,
  importCommit,
  initRepository,
  listenOnLoopback,
  type Push,
  postPush,
  readBody,
  requireGit,
  runGit,
  SmartHttp,
  startGitServer,
  type WebhookOptions,
} from "./git/index.ts";
export { endGroup } from "./git/process-group.ts";
export type { SeenRequest } from "./kubernetes/http/api-server.ts";
export { type Sandbox, type SandboxOptions, startSandbox } from "./start-sandbox.ts";

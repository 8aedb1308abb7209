/**
 * HTTP: the fleet's state to read, syncs to ask for, webhooks to take. One file a resource, with the schema of its query
 * and its answer; the OpenAPI document at /openapi.json is made from these schemas, and the CLI's types too.
 *
 * Promises: every failure is problem+json (RFC 9457) with a code of the one table, what, where and the next step; a fault
 * of ours says PL-INTERNAL and no more. Lists are paged. A body is at most 1 MiB, and a webhook's signature is checked
 * over the bytes that came, before anything parses them. Applications that a token may not see are answered like those
 * that do not exist. Without authentication only requests for a loopback name are answered, and none that another site's
 * page sends. A response holds the fields of its schema and no others.
 *
 * Refuses: to decide anything (the loop does, behind SyncControl), to read files or the environment (the caller passes
 * functions that do), and to bind an address: `createApi` gives a Fastify instance, the caller listens and closes it.
 * `requiresAuthentication` tells where it may not listen without tokens.
 *
 * In: SyncControl, ReportStore, the metrics' text. Out: the instance, the reader of the tokens file, types of every answer.
 */
export type {
  ApplicationAnswer,
  ApplicationsPage,
  ClustersAnswer,
  DeleteAccepted,
  DiffPage,
  DriftPage,
  EventsPage,
  FleetsAnswer,
  HistoryPage,
  ManifestsPage,
  PlanAnswer,
  ProblemAnswer,
  ProjectsAnswer,
  ReplicasAnswer,
  ResourcesPage,
  RolledBack,
  SyncAccepted,
} from "./answers.ts";
export { createApi } from "./create-api.ts";
export { requiresAuthentication } from "./loopback.ts";
export type { ApiOptions } from "./options.ts";
export type { ReplicaFleet } from "./replicas/fleet.ts";
export type { Question } from "./replicas/question.ts";
export { QUESTIONS_PATH } from "./replicas/questions.ts";
export { createAuthenticator, hashToken, parseTokens, type TokenEntry } from "./tokens.ts";

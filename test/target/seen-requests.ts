import type { SeenRequest } from "../../src/sandbox/index.ts";
import type { AuditEvent, RequestCount } from "../controlplane/index.ts";

export interface Seen extends SeenRequest {
  /** RFC 3339, with milliseconds: when it was answered. */
  readonly at: string;
}

interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

const PATH =
  /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))(?:\/namespaces\/([^/]+)(?=\/(?!status$|finalize$)))?\/([^/]+)(?:\/([^/]+))?(?:\/(.+))?$/;

/** What the path of a request names; resource "" where it names none. */
function resourceOf({ url }: Seen): ResourcePath {
  const { pathname } = new URL(url, "http://sandbox");
  const [, core, group = "", version = "", namespace, resource = "", name, subresource = ""] =
    PATH.exec(pathname) ?? [];
  return { group, version: core ?? version, resource, subresource, namespace, name };
}

function verbOf({ method, url }: Seen, named: boolean): string {
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return named ? "delete" : "deletecollection";
  if (/[?&]watch=(true|1)/.test(url)) return "watch";
  return named ? "get" : "list";
}

/** As the real server's audit log has it, as far as tests ask. */
export function auditEventOf(seen: Seen): AuditEvent {
  const { group, version, resource, subresource, namespace, name } = resourceOf(seen);
  return {
    auditID: seen.at,
    stage: "ResponseComplete",
    verb: verbOf(seen, name !== undefined),
    requestURI: seen.url,
    user: { username: "admin" },
    userAgent: seen.userAgent,
    objectRef: {
      apiGroup: group,
      apiVersion: version,
      resource,
      subresource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
    },
    responseStatus: { code: seen.code },
    requestReceivedTimestamp: seen.at,
    stageTimestamp: seen.at,
  };
}

const COUNTED: { readonly [verb: string]: string } = { create: "POST", update: "PUT" };

/** One request as a line of apiserver_request_total. */
export function countOf(seen: Seen): RequestCount {
  const { group, version, resource, subresource, name } = resourceOf(seen);
  const verb = verbOf(seen, name !== undefined);
  const isApply = verb === "patch" && seen.url.includes("force=");
  const counted = isApply ? "APPLY" : (COUNTED[verb] ?? verb.toUpperCase());
  return { verb: counted, group, version, resource, subresource, code: seen.code, count: 1 };
}

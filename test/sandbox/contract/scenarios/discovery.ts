import KINDS from "../../../../src/sandbox/kubernetes/catalogue/facts/kinds.json" with { type: "json" };
import { isRecord } from "../records.ts";
import { get, picked, type Step, scenario, type Theme } from "../scenario.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** "deployments.v1.apps", as the sandbox names the kinds it serves. */
const SERVED: ReadonlySet<string> = new Set(Object.keys(KINDS));
const GROUP_VERSIONS = [...new Set([...SERVED].map(groupVersionOf))]
  .filter((groupVersion) => groupVersion !== "v1")
  .sort();

function groupVersionOf(name: string): string {
  const [, version = "", ...group] = name.split(".");
  return group.length === 0 ? version : `${group.join(".")}/${version}`;
}

function isServed(groupVersion: string, resource: unknown): boolean {
  const [plural = ""] = String(resource).split("/");
  const [version = "", group] = groupVersion.split("/").reverse();
  return SERVED.has(group === undefined ? `${plural}.${version}` : `${plural}.${version}.${group}`);
}

/** Subresources that the sandbox serves: an eviction, a log or a token is nobody's everyday verb. */
const hasItsSubresource = (name: string): boolean => !name.includes("/") || /\/(status|scale)$/.test(name);

/** Of a group's resources those that the sandbox serves; the hash of how they are stored is nobody's promise. */
function servedOf(body: unknown): unknown {
  if (!isRecord(body) || !Array.isArray(body["resources"])) return body;
  const groupVersion = String(body["groupVersion"]);
  const resources = body["resources"]
    .filter(isRecord)
    .filter(({ name }) => isServed(groupVersion, name) && hasItsSubresource(String(name)))
    .map(({ storageVersionHash: _, ...resource }) => resource);
  return { ...body, resources };
}

const groups = [...new Set(GROUP_VERSIONS.map((groupVersion) => groupVersion.split("/")[0] ?? ""))];

/** Of all groups those of the sandbox, with the versions it serves; in name order, as priorities are the server's own. */
function groupsOf(body: unknown): unknown {
  if (!isRecord(body) || !Array.isArray(body["groups"])) return body;
  const kept = body["groups"].filter(isRecord).filter(({ name }) => groups.includes(String(name)));
  return { ...body, groups: kept.map(({ name }) => name).sort() };
}

/** An aggregated document as lines "group/version resource kind scope verbs ...". */
function linesOf(body: unknown): unknown {
  if (!isRecord(body) || !Array.isArray(body["items"])) return body;
  return body["items"].filter(isRecord).flatMap(groupLines).sort();
}

function groupLines({ metadata, versions }: Readonly<Record<string, unknown>>): string[] {
  const group = isRecord(metadata) ? metadata["name"] : undefined;
  return records(versions).flatMap(({ version, resources }) => {
    const groupVersion = group === undefined ? String(version) : `${String(group)}/${String(version)}`;
    const served = records(resources).filter(({ resource }) => isServed(groupVersion, resource));
    return served.map((resource) => `${groupVersion} ${JSON.stringify(withServedSubresources(resource))}`);
  });
}

function withServedSubresources(resource: Readonly<Record<string, unknown>>): unknown {
  const subresources = records(resource["subresources"]).filter(({ subresource }) =>
    /^(status|scale)$/.test(String(subresource)),
  );
  const { resource: plural, responseKind, scope, singularResource, verbs, shortNames, categories } = resource;
  return { plural, responseKind, scope, singularResource, verbs, shortNames, categories, subresources };
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

const aggregated = (path: string): Step => picked(get(path, { headers: { accept: AGGREGATED } }), linesOf);

export const DISCOVERY: Theme = {
  name: "discovery",
  scenarios: [
    scenario("the core group says what it serves", [picked(get("/api"), versionsOf), picked(get("/api/v1"), servedOf)]),
    scenario("every group says what it serves", [
      picked(get("/apis"), groupsOf),
      ...GROUP_VERSIONS.map((groupVersion) => picked(get(`/apis/${groupVersion}`), servedOf)),
    ]),
    scenario("a group says its versions", [get("/apis/apps"), get("/apis/apiextensions.k8s.io")]),
    scenario("all of it is said at once to those who ask", [aggregated("/api"), aggregated("/apis")]),
    scenario("the OpenAPI documents are listed by group and version", [picked(get("/openapi/v3"), documentsOf)]),
    scenario("a schema names its kind, its merge keys and its list types", [
      picked(get("/openapi/v3/apis/apps/v1"), schemaOf("io.k8s.api.apps.v1.DeploymentSpec")),
      picked(get("/openapi/v3/apis/apps/v1"), schemaOf("io.k8s.api.apps.v1.Deployment")),
      picked(get("/openapi/v3/api/v1"), schemaOf("io.k8s.api.core.v1.ServiceSpec")),
    ]),
    scenario("the server says that it is well", [
      get("/healthz"),
      get("/livez"),
      get("/readyz"),
      picked(get("/version"), (body) => isRecord(body) && Object.keys(body).sort()),
    ]),
    scenario("a path without end is a list of paths", [
      picked(get("/"), (body) => isRecord(body) && Array.isArray(body["paths"])),
    ]),
  ],
};

/** Not the addresses: they are this machine's. */
function versionsOf(body: unknown): unknown {
  return isRecord(body) ? { kind: body["kind"], versions: body["versions"] } : body;
}

function documentsOf(body: unknown): unknown {
  const paths = isRecord(body) && isRecord(body["paths"]) ? body["paths"] : {};
  return ["api/v1", ...GROUP_VERSIONS.map((groupVersion) => `apis/${groupVersion}`)].map((path) => {
    const entry = paths[path];
    const url = isRecord(entry) ? String(entry["serverRelativeURL"]) : "absent";
    return `${path} ${url.replace(/hash=[0-9A-F]+$/, "hash=<hash>")}`;
  });
}

/** Less descriptions, which the sandbox has not. */
function schemaOf(name: string): (body: unknown) => unknown {
  return (body) => {
    const components = isRecord(body) ? body["components"] : undefined;
    const schemas = isRecord(components) ? components["schemas"] : undefined;
    const schema = isRecord(schemas) ? schemas[name] : undefined;
    return schema === undefined
      ? "absent"
      : JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
          key === "description" && typeof value === "string" ? undefined : value,
        );
  };
}

import { groupKindKey, isJsonObject, type JsonObject } from "../../../src/model/index.ts";
import { STAGES } from "../../../src/plan/index.ts";
import { longName, referencesIn } from "../../../src/sandbox/kubernetes/catalogue/notation.ts";
import type { ControlPlane, ControlPlaneClient } from "../../controlplane/index.ts";
import { askServerJson } from "../../controlplane/server-request.ts";
import { namedText, typeText } from "./notation.ts";

export interface Facts {
  /** `<plural>.<version>.<group>` to the line that says what discovery says of it. */
  readonly kinds: { readonly [resource: string]: string };
  /** Short name to the line of its fields. */
  readonly types: { readonly [name: string]: string };
}

/** Beside the kinds of the stages: what describes, what is described, and what leaders are chosen with. */
const MORE = ["Node", "Event", "Lease.coordination.k8s.io"];
/** The same objects as the core group's Events, under other field names: served beside them without being converted, what is written
 *  to the one would not be seen in the other. Where this group is missing, client-go writes to the core group. */
const LEFT_OUT = ["Event.events.k8s.io"];

/** The gateways of the stages are custom resources: somebody may have defined them on the server that is asked. */
function isBuiltIn(kind: string): boolean {
  return !LEFT_OUT.includes(kind) && !kind.endsWith(".gateway.networking.k8s.io");
}

type Server = ControlPlane | ControlPlaneClient;

export async function readFacts(server: Server): Promise<Facts> {
  const wanted = new Set<string>([...STAGES.flatMap(({ kinds }) => [...kinds] as string[]), ...MORE].filter(isBuiltIn));
  // A group that no wanted kind is of is not asked: it may be another test's definition, come or gone this moment (503).
  const groups = new Set([...wanted].map((kind) => kind.slice(kind.indexOf(".") + 1 || kind.length)));
  const kinds: { [resource: string]: string } = {};
  const types: { [name: string]: string } = {};
  for (const api of (await apis(server)).filter(({ group }) => groups.has(group))) {
    const found = await kindsOf(server, api, wanted);
    if (found.length === 0) continue;
    const document = await get(server, `/openapi/v3/${api.path}`);
    const schemas = at(at(document, "components"), "schemas");
    for (const { kind, plural, line } of found) {
      const type = typeOf(schemas, { group: api.group, version: api.version, kind });
      kinds[`${plural}.${api.version}.${api.group}`.replace(/\.$/, "")] = `${type} ${line}`;
      collect(type, schemas, types);
    }
  }
  return { kinds, types: Object.fromEntries(Object.entries(types).sort(([one], [other]) => (one < other ? -1 : 1))) };
}

interface Api {
  readonly group: string;
  readonly version: string;
  /** "api/v1", "apis/apps/v1" */
  readonly path: string;
}

/** The preferred version of each group, in the server's order. */
async function apis(server: Server): Promise<Api[]> {
  const { groups } = await get(server, "/apis");
  const others = (Array.isArray(groups) ? groups : []).filter(isJsonObject).map((group): Api => {
    const [name, version] = [String(group["name"]), String(at(group, "preferredVersion")["version"])];
    return { group: name, version, path: `apis/${name}/${version}` };
  });
  return [{ group: "", version: "v1", path: "api/v1" }, ...others];
}

interface FoundKind {
  readonly kind: string;
  readonly plural: string;
  /** As src/sandbox/kubernetes/catalogue/built-in.ts reads it, without the type. */
  readonly line: string;
}

async function kindsOf(server: Server, { group, path }: Api, wanted: ReadonlySet<string>): Promise<FoundKind[]> {
  const { resources } = await get(server, `/${path}`);
  const all = (Array.isArray(resources) ? resources : []).filter(isJsonObject);
  return all
    .filter(({ name, kind }) => !String(name).includes("/") && wanted.has(groupKindKey({ group, kind: String(kind) })))
    .map((resource) => {
      const plural = String(resource["name"]);
      const subresources = ["scale", "status"].filter((sub) => all.some(({ name }) => name === `${plural}/${sub}`));
      return { kind: String(resource["kind"]), plural, line: [...kindWords(resource), ...subresources].join(" ") };
    });
}

function kindWords({ singularName, namespaced, shortNames, categories, verbs }: JsonObject): string[] {
  return [
    String(singularName),
    ...(namespaced === true ? ["namespaced"] : []),
    ...(shortNames === undefined ? [] : [`short=${String(shortNames)}`]),
    ...(categories === undefined ? [] : [`in=${String(categories)}`]),
    ...(String(verbs) === STANDARD_VERBS ? [] : [`verbs=${String(verbs)}`]),
  ];
}

const STANDARD_VERBS = "create,delete,deletecollection,get,list,patch,update,watch";

function typeOf(schemas: JsonObject, wanted: { group: string; version: string; kind: string }): string {
  for (const [name, schema] of Object.entries(schemas)) {
    if (!isJsonObject(schema)) continue;
    const listed = schema["x-kubernetes-group-version-kind"];
    const fits = (Array.isArray(listed) ? listed : []).some(
      (one) =>
        isJsonObject(one) &&
        one["group"] === wanted.group &&
        one["version"] === wanted.version &&
        one["kind"] === wanted.kind,
    );
    if (fits && isJsonObject(schema["properties"])) return shortOf(name);
  }
  throw new Error(`no schema for ${JSON.stringify(wanted)}`);
}

function collect(name: string, schemas: JsonObject, types: { [name: string]: string }): void {
  if (types[name] !== undefined) return;
  const schema = schemas[longName(name)];
  if (!isJsonObject(schema)) throw new Error(`no schema ${name}`);
  const line = isJsonObject(schema["properties"]) ? typeText(schema) : namedText(schema);
  types[name] = line;
  for (const next of referencesIn(line)) collect(next, schemas, types);
}

function shortOf(long: string): string {
  return referencesIn(typeText({ properties: { it: { $ref: `#/components/schemas/${long}` } } }))[0] ?? long;
}

async function get(server: Server, path: string): Promise<JsonObject> {
  const answer = await askServerJson(server, path);
  return isJsonObject(answer) ? answer : {};
}

function at(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isJsonObject(value) ? value : {};
}

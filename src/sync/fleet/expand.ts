import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import { globMatches } from "../../kit/glob.ts";
import {
  type Application,
  ApplicationSchema,
  applicationName,
  type Fleet,
  hasGlob,
  isJsonObject,
  type Json,
  type JsonObject,
  MADE_BY_ANNOTATION,
  PlumblineError,
  type Problem,
  toProblem,
} from "../../model/index.ts";
import { fillJson, fillText, type Variables } from "./template.ts";

/** What a declaration of many makes. One that cannot be made spoils no other. */
export interface Expansion {
  readonly members: readonly Application[];
  readonly problems: readonly Problem[];
  /** Names of those that are meant and cannot be made: that is no reason to give up what has the name. */
  readonly unread: readonly string[];
  /** Some have no name. */
  readonly nameless: number;
}

interface Candidate {
  readonly name: string;
  readonly from: string;
  readonly variables: Variables;
  readonly path: string;
}

const APPLICATION = Compile(ApplicationSchema);
const DNS_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const NAME_MAX = 253;
/** Fields of the source whose texts are templates, its path apart. */
const SOURCE_TEMPLATES = ["helm", "kustomize"] as const;

/** The same beside the source, where they stand. */
const SPEC_TEMPLATES = ["project", "serviceAccount"] as const;

/** Each path with each set of values with each cluster. `paths`: what the glob of source.path matches; its path alone where it is none. */
export function expandFleet(fleet: Fleet, paths: readonly string[]): Expansion {
  const expanding = new Expanding(fleet);
  const byName = new Map<string, Candidate[]>();
  for (const candidate of candidatesOf(fleet, paths)) {
    if (!expanding.hasName(candidate)) continue;
    const same = byName.get(candidate.name);
    if (same === undefined) byName.set(candidate.name, [candidate]);
    else same.push(candidate);
  }
  for (const [name, [first, second]] of byName) {
    if (first !== undefined && second === undefined) expanding.make(first);
    else if (first !== undefined && second !== undefined) expanding.refuseTwice(name, [first, second]);
  }
  return expanding;
}

function* candidatesOf({ spec }: Fleet, paths: readonly string[]): Generator<Candidate> {
  const { each } = spec;
  const isGlob = hasGlob(spec.source.path);
  const wanted = paths.filter((path) => !each.exclude?.some((glob) => globMatches(glob, path)));
  for (const found of wanted) {
    for (const values of each.values ?? [{}]) {
      for (const cluster of each.clusters ?? [undefined]) {
        const path = isGlob ? found : fillText(found, variablesOf({ path: found, values, cluster })).value;
        const variables = variablesOf({ path, values, cluster });
        const { value, unknown } = fillText(each.name, variables);
        const from = describe({ path, values, cluster });
        yield { name: unknown.length === 0 ? value : "", from, variables, path };
      }
    }
  }
}

interface Parts {
  readonly path: string;
  readonly values: { readonly [name: string]: string | number | boolean };
  readonly cluster: string | undefined;
}

function variablesOf({ path, values, cluster }: Parts): Variables {
  return new Map([
    ["path", path],
    ["path.name", path.slice(path.lastIndexOf("/") + 1)],
    ...Object.entries(values).map(([name, value]) => [`value.${name}`, value] as const),
    ...(cluster === undefined ? [] : [["cluster", cluster] as const]),
  ]);
}

/** "apps/web, region eu, cluster east" */
function describe({ path, values, cluster }: Parts): string {
  const said = Object.entries(values).map(([name, value]) => `${name} ${value}`);
  return [path, ...said, ...(cluster === undefined ? [] : [`cluster ${cluster}`])].join(", ");
}

class Expanding implements Expansion {
  readonly members: Application[] = [];
  readonly problems: Problem[] = [];
  readonly unread: string[] = [];
  nameless = 0;
  readonly #fleet: Fleet;
  readonly #spec: JsonObject;
  readonly #source: JsonObject;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
    const { each: _each, ...spec } = fleet.spec;
    const document = { apiVersion: fleet.apiVersion, kind: fleet.kind, metadata: fleet.metadata, spec };
    // Defaults are the same for all, so they are filled in once.
    const whole = Value.Default(ApplicationSchema, structuredClone(document));
    this.#spec = isJsonObject(whole) && isJsonObject(whole["spec"]) ? whole["spec"] : {};
    this.#source = isJsonObject(this.#spec["source"]) ? this.#spec["source"] : {};
  }

  hasName({ name, from }: Candidate): boolean {
    if (name !== "" && name.length <= NAME_MAX && DNS_NAME.test(name)) return true;
    const { name: template } = this.#fleet.spec.each;
    const made =
      name === "" ? "names something that there is not" : `becomes ${JSON.stringify(name)}, which is no name`;
    this.#problem("PL-FLEET-MEMBER", `the name ${JSON.stringify(template)} ${made}`, from);
    this.nameless++;
    return false;
  }

  refuseTwice(name: string, [one, other]: readonly [Candidate, Candidate]): void {
    this.unread.push(this.#fullName(name));
    this.#problem(
      "PL-FLEET-NAME",
      `${one.from} and ${other.from} both get the name ${name}: neither is made`,
      one.from,
    );
  }

  make({ name, from, variables, path }: Candidate): void {
    const { namespace, labels, annotations } = this.#fleet.metadata;
    const madeBy = applicationName(this.#fleet);
    const { spec, unknown } = this.#filled(variables, path);
    const application = {
      apiVersion: this.#fleet.apiVersion,
      kind: this.#fleet.kind,
      metadata: {
        ...{ name, namespace, ...(labels === undefined ? {} : { labels }) },
        annotations: { ...annotations, [MADE_BY_ANNOTATION]: madeBy },
      },
      spec,
    };
    if (unknown.length === 0 && APPLICATION.Check(application)) this.members.push(application);
    else {
      this.unread.push(this.#fullName(name));
      this.#problem(
        "PL-FLEET-MEMBER",
        `${name}: ${unknown.length > 0 ? unknownOf(unknown) : misfitOf(application)}`,
        from,
      );
    }
  }

  #filled(variables: Variables, path: string): { spec: JsonObject; unknown: readonly string[] } {
    const unknown: string[] = [];
    const fill = (json: Json | undefined, values = false): Json => {
      const done = fillJson(json ?? null, variables, { values });
      unknown.push(...done.unknown);
      return done.value;
    };
    const source: { [field: string]: Json | undefined } = { ...this.#source };
    source["path"] = hasGlob(this.#fleet.spec.source.path) ? path : fill(source["path"]);
    for (const field of SOURCE_TEMPLATES) if (source[field] !== undefined) source[field] = fill(source[field], true);
    const given = SPEC_TEMPLATES.filter((field) => this.#spec[field] !== undefined);
    const own = Object.fromEntries(given.map((field) => [field, fill(this.#spec[field])]));
    const destination = this.#withCluster(fill(this.#spec["destination"]), variables);
    return { spec: { ...this.#spec, ...own, source: source as JsonObject, destination }, unknown };
  }

  #withCluster(destination: Json, variables: Variables): Json {
    const cluster = variables.get("cluster");
    if (cluster === undefined || !isJsonObject(destination) || "cluster" in destination) return destination;
    return { ...destination, cluster: String(cluster) };
  }

  #fullName(name: string): string {
    return `${this.#fleet.metadata.namespace}/${name}`;
  }

  #problem(code: "PL-FLEET-MEMBER" | "PL-FLEET-NAME", message: string, where: string): void {
    this.problems.push(toProblem(new PlumblineError(code, { message, where })));
  }
}

function unknownOf(unknown: readonly string[]): string {
  return `there is no {{ ${unknown[0] ?? ""} }}`;
}

function misfitOf(application: unknown): string {
  const [error] = Value.Errors(ApplicationSchema, application);
  return error === undefined ? "it does not fit the schema" : `${error.instancePath}: ${error.message}`;
}

import { hashJson } from "../../../kit/hash.ts";
import {
  ANY_SCHEMA,
  type CompiledOpenApi,
  compileOpenApi,
  type GroupVersionKind,
  type JsonObject,
  type KubeObject,
} from "../../../model/index.ts";
import type { ServedResource } from "../types.ts";
import { builtInResources } from "./built-in.ts";
import { definedResources } from "./definition.ts";
import { openApiDocument } from "./documents.ts";

/** Which resources there are, in which versions and with which schemas. */
export interface Catalogue {
  find(resource: {
    readonly group: string;
    readonly version: string;
    readonly plural: string;
  }): ServedResource | undefined;
  byKind(kind: GroupVersionKind): ServedResource | undefined;
  /** Every version of every resource: built-in ones first. */
  all(): readonly ServedResource[];
  /** Serves what a CustomResourceDefinition defines, in place of what it defined before. */
  define(definition: KubeObject): void;
  forget(definition: string): void;
  /** `/openapi/v3` */
  openApiIndex(): JsonObject;
  /** `/openapi/v3/<path>`, such as "apis/apps/v1". */
  openApi(path: string): JsonObject | undefined;
}

export function createCatalogue(): Catalogue {
  return new ServedCatalogue();
}

class ServedCatalogue implements Catalogue {
  readonly #builtIn: readonly ServedResource[] = builtInResources().map((facts) => {
    const kind = { group: facts.group, version: facts.version, kind: facts.kind };
    return { ...facts, custom: undefined, schema: () => this.#schema(kind) };
  });
  readonly #defined = new Map<string, readonly ServedResource[]>();
  #all: readonly ServedResource[] | undefined;
  #byPlural = new Map<string, ServedResource>();
  #byKind = new Map<string, ServedResource>();
  /** By path. Dropped, all of them, when definitions change. */
  readonly #compiled = new Map<string, CompiledOpenApi>();
  readonly #hashes = new Map<string, string>();

  find({ group, version, plural }: { group: string; version: string; plural: string }): ServedResource | undefined {
    this.all();
    return this.#byPlural.get(`${group}/${version}/${plural}`);
  }

  byKind({ group, version, kind }: GroupVersionKind): ServedResource | undefined {
    this.all();
    return this.#byKind.get(`${group}/${version}/${kind}`);
  }

  all(): readonly ServedResource[] {
    if (this.#all === undefined) {
      const all = [...this.#builtIn, ...[...this.#defined.values()].flat()];
      this.#byPlural = new Map(all.map((one) => [`${one.group}/${one.version}/${one.plural}`, one]));
      this.#byKind = new Map(all.map((one) => [`${one.group}/${one.version}/${one.kind}`, one]));
      this.#all = all;
    }
    return this.#all;
  }

  define(definition: KubeObject): void {
    const { name } = definition.metadata;
    const before = this.#defined.get(name);
    const resources = definedResources(definition).map((facts) => {
      const kind = { group: facts.group, version: facts.version, kind: facts.kind };
      return { ...facts, schema: () => this.#schema(kind) };
    });
    this.#defined.set(name, resources);
    this.#changed([...(before ?? []), ...resources]);
  }

  forget(definition: string): void {
    const before = this.#defined.get(definition);
    this.#defined.delete(definition);
    this.#changed(before ?? []);
  }

  openApiIndex(): JsonObject {
    const paths = new Set(this.all().map(pathOf));
    const entries = [...paths].map((path): [string, JsonObject] => [
      path,
      { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#hash(path)}` },
    ]);
    return { paths: Object.fromEntries(entries) };
  }

  openApi(path: string): JsonObject | undefined {
    const resources = this.#at(path);
    return resources.length === 0 ? undefined : openApiDocument(resources);
  }

  #at(path: string): readonly ServedResource[] {
    return this.all().filter((resource) => pathOf(resource) === path);
  }

  #schema(kind: GroupVersionKind) {
    const path = pathOf(kind);
    const compiled = this.#compiled.get(path) ?? compileOpenApi(this.openApi(path));
    this.#compiled.set(path, compiled);
    return compiled.schema(kind) ?? ANY_SCHEMA;
  }

  /** Built-in documents never change; those of definitions are known by what was defined. */
  #hash(path: string): string {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const facts = this.#at(path).map(({ kind, version, plural, custom }) => ({
      kind,
      version,
      plural,
      custom: custom?.openApi ?? null,
    }));
    const hash = hashJson(facts).slice(0, 32).toUpperCase();
    this.#hashes.set(path, hash);
    return hash;
  }

  #changed(resources: readonly ServedResource[]): void {
    this.#all = undefined;
    for (const path of new Set(resources.map(pathOf))) {
      this.#compiled.delete(path);
      this.#hashes.delete(path);
    }
  }
}

function pathOf({ group, version }: { readonly group: string; readonly version: string }): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}

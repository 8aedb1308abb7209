import type { LiveObject } from "../../../model/index.ts";
import { ApiError } from "../api-error.ts";
import type { Catalogue } from "../catalogue/index.ts";
import { type ObjectStore, storageKey } from "../storage/object-store.ts";
import type { PagedLists } from "../storage/paging.ts";
import type { ServedResource } from "../types.ts";

/** What every verb works on. */
export interface Machine {
  readonly catalogue: Catalogue;
  readonly store: ObjectStore;
  readonly lists: PagedLists;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Which object or objects a request means. */
export interface Target {
  readonly resource: ServedResource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** RFC 3339, whole seconds: as the server writes times. */
export function timestamp(machine: Pick<Machine, "now">): string {
  return `${new Date(machine.now()).toISOString().slice(0, 19)}Z`;
}

/** `deployments.apps`, `pods`: how the server's sentences name a resource. */
export function qualified({ group, plural }: Pick<ServedResource, "group" | "plural">): string {
  return group === "" ? plural : `${plural}.${group}`;
}

export function detailsOf({ group, plural }: Pick<ServedResource, "group" | "plural">, name: string) {
  return { name, ...(group === "" ? {} : { group }), kind: plural };
}

export function notFound(resource: ServedResource, name: string): ApiError {
  return new ApiError(404, {
    reason: "NotFound",
    message: `${qualified(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  });
}

export function conflict(resource: ServedResource, name: string, why: string): ApiError {
  return new ApiError(409, {
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  });
}

/** Errors: 404. */
export function existing({ store }: Machine, { resource, namespace, name = "" }: Target): LiveObject {
  const object = store.get(storageKey(resource), name, namespace);
  if (object === undefined) throw notFound(resource, name);
  return object;
}

export function apiVersionOfResource({ group, version }: ServedResource): string {
  return group === "" ? version : `${group}/${version}`;
}

/** A stored object as the version that was asked for shows it: without conversion, only its name changes. */
export function inVersion<T extends LiveObject>(object: T, resource: ServedResource): T {
  const apiVersion = apiVersionOfResource(resource);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

import { formatRef, PlumblineError, type Ref } from "../model/index.ts";
import type { ApiResource } from "./types.ts";

type Place = Pick<ApiResource, "group" | "version" | "plural" | "namespaced">;

/** `/apis/apps/v1/namespaces/shop/deployments`; of all namespaces when none is given. */
export function collectionPath(resource: Place, namespace?: string): string {
  const { group, version, plural, namespaced } = resource;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const inside = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${inside}/${plural}`;
}

/** Errors: PL-MANIFEST-NAMESPACE for a namespaced kind without a namespace. A namespace given to a kind that has none is ignored. */
export function objectPath(resource: Place, ref: Ref, subresource?: string): string {
  if (resource.namespaced && ref.namespace === undefined) {
    throw new PlumblineError("PL-MANIFEST-NAMESPACE", {
      message: `${ref.kind} ${ref.name} needs a namespace`,
      where: formatRef(ref),
    });
  }
  const rest = subresource === undefined ? "" : `/${subresource}`;
  return `${collectionPath(resource, ref.namespace)}/${encodeURIComponent(ref.name)}${rest}`;
}

/** `?a=b&c=d` of what is given. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? "" : `?${given.join("&")}`;
}

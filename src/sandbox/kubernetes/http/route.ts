import type { Catalogue } from "../catalogue/index.ts";
import type { Target } from "../verbs/machine.ts";

/** What a path means. */
export type Route =
  | { readonly kind: "objects"; readonly target: Target; readonly watch?: boolean }
  | { readonly kind: "discovery"; readonly segments: readonly string[] }
  | { readonly kind: "openapi"; readonly segments: readonly string[] }
  | { readonly kind: "plain"; readonly name: string }
  /** `known`: the version of the API is served, and has no such resource. */
  | { readonly kind: "unknown"; readonly known: boolean };

const PLAIN = new Set(["", "version", "healthz", "livez", "readyz"]);
/** Parts of a Namespace itself, where other names are resources within it. */
const OF_NAMESPACE = new Set(["status", "finalize"]);

/** `/apis/apps/v1/namespaces/shop/deployments/web/scale` and all others. Segments are decoded. */
export function routeOf(pathname: string, catalogue: Catalogue): Route {
  const segments = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
  const [root = "", ...rest] = segments;
  if (PLAIN.has(root)) return { kind: "plain", name: root };
  if (root === "openapi") return { kind: "openapi", segments: rest };
  if (root !== "api" && root !== "apis") return { kind: "unknown", known: false };
  const depth = root === "api" ? 1 : 2;
  if (rest.length <= depth) return { kind: "discovery", segments };
  const [group = "", version = ""] = root === "api" ? ["", rest[0]] : rest;
  const path = rest.slice(depth);
  // An old way to ask for a watch.
  if (path[0] === "watch" && path.length > 1)
    return watchRoute(objectsRoute({ group, version }, path.slice(1), catalogue));
  return objectsRoute({ group, version }, path, catalogue);
}

function watchRoute(route: Route): Route {
  return route.kind === "objects" ? { ...route, watch: true } : route;
}

function objectsRoute(api: { group: string; version: string }, path: readonly string[], catalogue: Catalogue): Route {
  const inside = path[0] === "namespaces" && path.length > 2 && !OF_NAMESPACE.has(path[2] ?? "");
  const [plural = "", name, ...sub] = inside ? path.slice(2) : path;
  const resource = catalogue.find({ ...api, plural });
  if (resource === undefined || (inside && !resource.namespaced)) {
    return {
      kind: "unknown",
      known: catalogue.all().some(({ group, custom }) => custom === undefined && group === api.group),
    };
  }
  const namespace = inside ? path[1] : undefined;
  return {
    kind: "objects",
    target: {
      resource,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(sub.length === 0 ? {} : { subresource: sub.join("/") }),
    },
  };
}

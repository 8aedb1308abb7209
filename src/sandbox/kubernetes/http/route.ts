import type { Catalogue } from "../catalogue/index.ts";
import type { Target } from "../verbs/machine.ts";

/** What a path means. */
export type Route =
  | { readonly kind: "objects"; readonly target: Target }
  | { readonly kind: "discovery"; readonly segments: readonly string[] }
  | { readonly kind: "openapi"; readonly segments: readonly string[] }
  | { readonly kind: "plain"; readonly name: string }
  | { readonly kind: "unknown" };

const PLAIN = new Set(["version", "healthz", "livez", "readyz"]);
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
  if (root !== "api" && root !== "apis") return { kind: "unknown" };
  const depth = root === "api" ? 1 : 2;
  if (rest.length <= depth) return { kind: "discovery", segments };
  const [group, version] = root === "api" ? ["", rest[0]] : [rest[0], rest[1]];
  return objectsRoute({ group: group ?? "", version: version ?? "" }, rest.slice(depth), catalogue);
}

function objectsRoute(api: { group: string; version: string }, path: readonly string[], catalogue: Catalogue): Route {
  const inside = path[0] === "namespaces" && path.length > 2 && !OF_NAMESPACE.has(path[2] ?? "");
  const [plural = "", name, ...sub] = inside ? path.slice(2) : path;
  const resource = catalogue.find({ ...api, plural });
  if (resource === undefined || (inside && !resource.namespaced)) return { kind: "unknown" };
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

import { ApiError } from "../api-error.ts";

export type Shape = "object" | "Table" | "PartialObjectMetadata" | "aggregated";

export interface Answering {
  readonly shape: Shape;
  /** As the client names the shape: of metadata there is one for an object and one for a list. */
  readonly as?: string;
  readonly yaml: boolean;
  /** As the answer's content-type says it. */
  readonly contentType: string;
}

const JSON_TYPE = "application/json";

/** The first of what the client takes that can be had. Errors: 406. */
export function negotiate(accept: string | undefined, shapes: readonly Shape[]): Answering {
  const ranges = (accept ?? "*/*")
    .split(",")
    .map(rangeOf)
    .sort((one, other) => other.quality - one.quality);
  for (const { type, parameters } of ranges) {
    const found = answeringOf(type, parameters, shapes);
    if (found !== undefined) return found;
  }
  throw new ApiError(406, {
    reason: "NotAcceptable",
    message: "406: Not Acceptable\n\nAvailable representations: application/json, application/yaml",
    details: {},
  });
}

interface Range {
  readonly type: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

function rangeOf(text: string): Range {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const parameters = new Map(
    rest.map((part): [string, string] => {
      const equals = part.indexOf("=");
      return [part.slice(0, Math.max(0, equals)), part.slice(equals + 1)];
    }),
  );
  return { type, parameters, quality: Number(parameters.get("q") ?? 1) };
}

function answeringOf(
  type: string,
  parameters: ReadonlyMap<string, string>,
  shapes: readonly Shape[],
): Answering | undefined {
  const yaml = type === "application/yaml";
  if (type !== JSON_TYPE && type !== "*/*" && !yaml) return undefined;
  const as = parameters.get("as");
  const contentType = yaml ? "application/yaml" : JSON_TYPE;
  if (as === undefined) return { shape: "object", yaml, contentType };
  const shape = shapeOf(as, parameters);
  return shape !== undefined && shapes.includes(shape)
    ? {
        shape,
        as,
        yaml,
        contentType:
          shape === "aggregated" ? `${JSON_TYPE};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList` : contentType,
      }
    : undefined;
}

function shapeOf(as: string, parameters: ReadonlyMap<string, string>): Shape | undefined {
  const [group, version] = [parameters.get("g"), parameters.get("v")];
  if (as === "APIGroupDiscoveryList")
    return group === "apidiscovery.k8s.io" && version === "v2" ? "aggregated" : undefined;
  if (group !== "meta.k8s.io" || version !== "v1") return undefined;
  if (as === "Table") return "Table";
  return as === "PartialObjectMetadata" || as === "PartialObjectMetadataList" ? "PartialObjectMetadata" : undefined;
}

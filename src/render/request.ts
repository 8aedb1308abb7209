import { posix } from "node:path";
import { type JsonObject, PlumblineError, type SourceSpec } from "../model/index.ts";
import { HOME, homePath, mountOf } from "./mounts.ts";
import type { EngineRequest } from "./wasm/protocol.ts";

export interface Release {
  readonly name: string;
  readonly namespace: string;
  /** Counts from 1. */
  readonly revision: number;
  readonly isUpgrade: boolean;
}

export interface RequestInput {
  readonly kind: "helm" | "kustomize";
  readonly source: Pick<SourceSpec, "helm" | "kustomize" | "references">;
  /** From the root of the repository; of a chart from elsewhere, its archive. */
  readonly path: string;
  readonly release: Release;
}

/** The engine's request. Errors: PL-RENDER-OUTSIDE for a file that is in none of the application's repositories. */
export function engineRequest({ kind, source, path, release }: RequestInput): EngineRequest {
  const { helm = {}, kustomize } = source;
  const file = (name: string): string => placeOf(name, { path, references: source.references ?? [] });
  return {
    kind,
    path: homePath(path),
    helm: {
      ...release,
      name: helm.releaseName ?? release.name,
      valueFiles: (helm.valueFiles ?? []).map(file),
      values: helm.values === undefined ? "" : JSON.stringify(helm.values),
      set: helm.set ?? [],
      setString: helm.setString ?? [],
      setFile: (helm.setFile ?? []).map((text) => keyedFile(text, file)),
      includeCrds: (helm.includeCrds ?? true) && helm.skipCrds !== true,
      kubeVersion: helm.kubeVersion ?? "",
      apiVersions: helm.apiVersions ?? [],
    },
    ...(kind === "helm" || kustomize === undefined ? {} : { edits: jsonOf(kustomize) }),
  };
}

function jsonOf(value: NonNullable<SourceSpec["kustomize"]>): JsonObject {
  return JSON.parse(JSON.stringify(value));
}

function keyedFile(text: string, file: (name: string) => string): EngineRequest["helm"]["setFile"][number] {
  const equals = text.indexOf("=");
  if (equals <= 0) {
    const message = `setFile has ${JSON.stringify(text)}, which is not key=PATH`;
    throw new PlumblineError("PL-HELM-VALUES", { message, where: "spec.source.helm.setFile" });
  }
  return { key: text.slice(0, equals), path: file(text.slice(equals + 1)) };
}

interface Base {
  readonly path: string;
  readonly references: NonNullable<SourceSpec["references"]>;
}

/** "values.yaml" from the path, "/shared/values.yaml" from the root of the repository, "$name/values.yaml" in a reference. */
function placeOf(name: string, { path, references }: Base): string {
  const outside = (message: string) => new PlumblineError("PL-RENDER-OUTSIDE", { message, where: name });
  const [, reference, rest = ""] = /^\$([-\w]+)\/(.*)$/.exec(name) ?? [];
  if (reference !== undefined) {
    if (!references.some((one) => one.name === reference)) throw outside(`spec.source.references has no ${reference}`);
    return `${mountOf(reference)}/${inside(rest, outside)}`;
  }
  const folder = path.endsWith(".tgz") ? "." : path;
  return `${HOME}/${inside(name.startsWith("/") ? name.slice(1) : posix.join(folder, name), outside)}`;
}

function inside(path: string, outside: (message: string) => PlumblineError): string {
  const normal = posix.normalize(path);
  if (normal === ".." || normal.startsWith("../") || normal.startsWith("/")) {
    throw outside("the path leads out of the repository");
  }
  return normal;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CompiledOpenApi,
  compileOpenApi,
  type KubeObject,
  type LiveObject,
  parseApiVersion,
  type SchemaNode,
} from "../../../src/model/index.ts";

const CONFORMANCE = join(import.meta.dirname, "../../../../shared/conformance");

/** One step as it was recorded from the real server: shared/conformance/ssa has the format. */
export interface Step {
  readonly op: "apply" | "create" | "update" | "patch" | "scale" | "delete";
  readonly manager: string;
  readonly force?: boolean;
  readonly subresource?: string;
  readonly object?: KubeObject;
  readonly response: {
    readonly code: number;
    readonly body?: { readonly message?: string; readonly details?: unknown };
  };
  readonly live: LiveObject | null;
  readonly resourceVersionChanged: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

export const HAS_CONFORMANCE = existsSync(CONFORMANCE);

export function recordedScenarios(): Scenario[] {
  if (!HAS_CONFORMANCE) return [];
  const folder = join(CONFORMANCE, "ssa");
  const files = readdirSync(folder).filter((name) => /^\d.*\.json$/.test(name));
  return files.map((name) => ({
    ...JSON.parse(readFileSync(join(folder, name), "utf8")),
    name: name.replace(".json", ""),
  }));
}

const compiled = new Map<string, CompiledOpenApi>();

/** The schema that the real server published. */
export function publishedSchema({ apiVersion, kind }: Pick<KubeObject, "apiVersion" | "kind">): SchemaNode {
  const api = parseApiVersion(apiVersion);
  const file = api.group === "" ? `api-${api.version}.json` : `apis-${api.group}-${api.version}.json`;
  const document =
    compiled.get(file) ?? compileOpenApi(JSON.parse(readFileSync(join(CONFORMANCE, "openapi", file), "utf8")));
  compiled.set(file, document);
  const schema = document.schema({ ...api, kind });
  if (schema === undefined) throw new Error(`no schema for ${apiVersion} ${kind}`);
  return schema;
}

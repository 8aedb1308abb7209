import { ERROR_CODES, type ErrorCode, type Problem } from "../model/index.ts";
import { withoutMounts } from "./mounts.ts";
import type { EngineFailure } from "./wasm/protocol.ts";

/** Codes of what the engine says went wrong; src/render/engine/failure.go has the kinds. */
const CODES: { readonly [kind: string]: ErrorCode } = {
  chart: "PL-HELM-CHART",
  archive: "PL-HELM-ARCHIVE",
  dependency: "PL-HELM-DEPENDENCY",
  lock: "PL-HELM-LOCK",
  values: "PL-HELM-VALUES",
  schema: "PL-HELM-SCHEMA",
  "kube-version": "PL-HELM-KUBE-VERSION",
  template: "PL-HELM-TEMPLATE",
  build: "PL-KUSTOMIZE-BUILD",
  plugin: "PL-KUSTOMIZE-PLUGIN",
  "too-large": "PL-RENDER-TOO-LARGE",
};

/** Longest message that is kept: engines quote whole templates. */
const MAX_MESSAGE = 2000;

/** The engine's failure as problems: one, or one for each value that a schema does not allow. `place` says where a template is in the repository. */
export function problemsOf(failure: EngineFailure, path: string, place: (template: string) => string): Problem[] {
  const { kind, problem, violations = [], message } = failure;
  if (problem !== undefined) return [{ ...problem, where: problem.where ?? path }];
  const code = CODES[kind] ?? "PL-RENDER-FAULT";
  if (violations.length > 0) {
    return violations.map((one) =>
      problemOf(code, `${one.path === "" ? "/" : one.path}: ${one.message}`, `values of chart ${one.chart}`),
    );
  }
  return [problemOf(code, shortened(withoutMounts(message)), whereOf(failure, path, place))];
}

function problemOf(code: ErrorCode, message: string, where: string): Problem {
  const { next, retry } = ERROR_CODES[code];
  return { code, message, where, next, retry };
}

/** "apps/web/templates/deploy.yaml:12:5", or the chart or kustomization as a whole. */
function whereOf(
  { file, line, column, chart }: EngineFailure,
  path: string,
  place: (template: string) => string,
): string {
  if (file !== undefined)
    return [place(withoutMounts(file)), line, column].filter((part) => part !== undefined).join(":");
  return chart === undefined || chart.startsWith("/") ? path : `chart ${chart} of ${path}`;
}

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= MAX_MESSAGE ? trimmed : `${trimmed.slice(0, MAX_MESSAGE)}… (${trimmed.length} characters)`;
}

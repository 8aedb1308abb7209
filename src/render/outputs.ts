import { type Manifest, PlumblineError, type Problem, toProblem } from "../model/index.ts";
import { decode, tooMany } from "./decode.ts";
import { hookOf } from "./hook.ts";
import { withoutMounts } from "./mounts.ts";
import type { Made, OutputOptions } from "./types.ts";
import type { EngineAnswer, EngineOutput } from "./wasm/protocol.ts";

/** The engine's texts as manifests: hooks marked, tests left out. A file is the template, a line the one in what it made. */
export function manifestsOfAnswer({ outputs = [] }: EngineAnswer, options: OutputOptions): Made {
  const excess = excessOf(outputs, options);
  if (excess !== undefined) return { manifests: [], problems: [toProblem(excess)], warnings: [] };
  const manifests: Manifest[] = [];
  const problems: Problem[] = [];
  const warnings: string[] = [];
  for (const output of outputs) {
    const made = manifestsOfOutput(output, options);
    manifests.push(...made.manifests);
    problems.push(...made.problems);
    warnings.push(...made.warnings);
    if (manifests.length > options.limits.documents) {
      return { manifests: [], problems: [toProblem(tooMany(options.path, options.limits.documents))], warnings: [] };
    }
  }
  if (manifests.length === 0 && problems.length === 0) problems.push(toProblem(nothing(options)));
  return { manifests, problems, warnings };
}

function manifestsOfOutput({ file, text, crd = false }: EngineOutput, options: OutputOptions): Made {
  const { repo, revision, limits, kind } = options;
  const shown = kind === "helm" ? templatePlace(options.path)(file) : withoutMounts(file);
  const decoded = decode({ bytes: Buffer.from(text), file: shown, repo, revision, limits, lenient: true });
  if (kind === "kustomize" || crd) return decoded;
  return { ...decoded, manifests: decoded.manifests.flatMap(withHook) };
}

function withHook(manifest: Manifest): readonly Manifest[] {
  const hook = hookOf(manifest.object);
  if (hook === "left out") return [];
  return [hook === undefined ? manifest : { ...manifest, hook }];
}

/** "web/templates/deploy.yaml", named after the chart, is templates/deploy.yaml below the chart's path. What stands in a repository stays as it is. */
export function templatePlace(path: string): (template: string) => string {
  return (template) => {
    const slash = template.indexOf("/");
    const inChart = /^[^/]+\/(templates|charts|crds)\//.test(template);
    if (!inChart || path.endsWith(".tgz")) return template;
    return `${path === "." ? "" : `${path}/`}${template.slice(slash + 1)}`;
  };
}

function excessOf(outputs: readonly EngineOutput[], { path, limits }: OutputOptions): PlumblineError | undefined {
  const total = outputs.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= limits.totalBytes) return undefined;
  const message = `what is rendered has ${total} characters; at most ${limits.totalBytes} are read`;
  return new PlumblineError("PL-RENDER-TOO-LARGE", { message, where: path });
}

function nothing({ kind, path }: OutputOptions): PlumblineError {
  const message = `the ${kind === "helm" ? "chart" : "kustomization"} gives no object`;
  return new PlumblineError("PL-PATH-EMPTY", { message, where: path });
}

import { abortable } from "../kit/abortable.ts";
import { forEachLimited } from "../kit/pool.ts";
import { PlumblineError, type Problem, type SourceSpec, toProblem } from "../model/index.ts";
import { Answers, type Dependency, type Resources } from "./answers.ts";
import { problemsOf } from "./failure.ts";
import { filesBelow, homePath, Mounts, type Tree, withoutMounts } from "./mounts.ts";
import { templatePlace } from "./outputs.ts";
import { engineRequest, type Release } from "./request.ts";
import type { Made, OutputOptions } from "./types.ts";
import type { Engine } from "./wasm/engine.ts";
import type { Job, Notice, Rendered, SentFile } from "./wasm/protocol.ts";

export interface EngineRenderInput {
  readonly engine: Engine;
  readonly home: Tree;
  readonly references: ReadonlyMap<string, Tree>;
  readonly resources: Resources;
  readonly source: Pick<SourceSpec, "helm" | "kustomize" | "references">;
  readonly release: Release;
  readonly output: OutputOptions;
  readonly signal?: AbortSignal;
  /** What the engine asked when it rendered this last, as JSON. */
  readonly expected?: readonly string[];
}

export interface EngineRendered extends Made {
  readonly asked: readonly string[];
  readonly notes?: string;
  readonly dependencies: readonly Dependency[];
}

/** A chart or a kustomization, rendered by the engine. Errors: those that another try may help; what only a new revision mends is among the problems. */
export async function renderByEngine(input: EngineRenderInput): Promise<EngineRendered> {
  const { engine, home, references, resources, output, signal } = input;
  const answers = new Answers({ mounts: new Mounts(home, references), resources, path: output.path });
  try {
    const request = engineRequest({ ...input, kind: output.kind, path: output.path });
    const told = await answers.ahead(input.expected ?? [], MAX_SENT_BYTES);
    const job = { request, output, ...(await sentFiles(home, output)), told };
    const rendered = await abortable(
      engine.render(job, (question) => answers.reply(question), signal),
      signal,
    );
    const { asked } = rendered;
    return { ...shaped(rendered, output), dependencies: answers.dependenciesAmong(asked), asked };
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.retry !== "revision") throw error;
    const problem = { where: output.path, ...toProblem(error) };
    return { manifests: [], warnings: [], problems: [problem], dependencies: answers.dependencies, asked: [] };
  }
}

function shaped(
  { failure, made, notes, notices }: Rendered,
  output: OutputOptions,
): Omit<EngineRendered, "dependencies" | "asked"> {
  const warnings = warningsOf(notices, output);
  if (failure !== undefined) {
    const problems = problemsOf(failure, output.path, templatePlace(output.path));
    refuseOthers(problems);
    return { manifests: [], warnings, problems };
  }
  return { ...made, warnings: [...warnings, ...made.warnings], ...(notes === "" ? {} : { notes }) };
}

/** A refusal of the moment (a registry that is away) is no finding about the revision. */
function refuseOthers(problems: readonly Problem[]): void {
  const passing = problems.find(({ retry }) => retry !== "revision");
  if (passing !== undefined) throw new PlumblineError(passing.code, passing);
}

/** Each notice once, with the file that the engine was at: a kustomization; of a chart everything is read before. */
function warningsOf(notices: readonly Notice[], { kind, path }: OutputOptions): string[] {
  const lines = notices.map(({ line, file }) => {
    const where = kind === "kustomize" && file !== undefined ? withoutMounts(file) : path;
    return `${where}: ${withoutMounts(line.replace(/^(# )?Warning: /i, "").replace(/^msg=/, ""))}`;
  });
  return [...new Set(lines)];
}

/** Beyond this a chart's files are asked for one by one, as those of a kustomization are. */
const MAX_SENT_BYTES = 8 * 2 ** 20;
const MAX_SENT_FILES = 10_000;
const READERS = 8;

/** A chart is read as a whole, so its files go along. */
async function sentFiles(home: Tree, { kind, path }: OutputOptions): Promise<Pick<Job, "whole" | "files">> {
  const none = { whole: [], files: [] };
  if (kind === "kustomize" || path.endsWith(".tgz")) return none;
  const at = homePath(path);
  const names = await filesBelow(home, path);
  if (names.length > MAX_SENT_FILES) return none;
  const files: SentFile[] = [];
  let bytes = 0;
  await forEachLimited(names, READERS, async (name) => {
    const entry = await home.entry(path === "." ? name : `${path}/${name}`);
    if (entry?.kind !== "file" || bytes > MAX_SENT_BYTES) return;
    const content = await entry.read();
    bytes += content.length;
    // A piece of a larger buffer would be sent with all of it.
    files.push([`${at}/${name}`, content.length === content.buffer.byteLength ? content : new Uint8Array(content)]);
  });
  return bytes > MAX_SENT_BYTES ? none : { whole: [at], files };
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../../../src/model/index.ts";
import { DEFAULT_LIMITS, decode } from "../../../src/render/index.ts";
import type { RenderCase } from "./case-file.ts";
import { helmArguments } from "./helm-arguments.ts";
import { kustomizeEdits } from "./kustomize-edits.ts";
import type { UpstreamPrograms } from "./programs.ts";
import { type Answer, mustRun, runProgram } from "./run-program.ts";
import type { WorkingCopy } from "./working-copy.ts";

/** What the upstream program says to a case. */
export async function askUpstream(of: RenderCase, copy: WorkingCopy, programs: UpstreamPrograms): Promise<Answer> {
  return of.engine === "helm" ? helmTemplate(of, copy, programs) : kustomizeBuild(of, copy, programs);
}

/** The objects of an answer, read as src/render reads those of a file. Throws when they cannot be read. */
export function objectsOf({ stdout }: Answer): KubeObject[] {
  const file = "upstream.yaml";
  const { manifests, problems } = decode({ bytes: stdout, file, repo: "", revision: "", limits: DEFAULT_LIMITS });
  if (problems.length > 0) throw new Error(`upstream's output: ${JSON.stringify(problems, null, 2)}`);
  return manifests.map(({ object }) => object);
}

/** Why an upstream answer does not show what its case is for; empty when it does. */
export function unmet(of: RenderCase, { code, stdout, stderr }: Answer): string[] {
  if (of.fails && code === 0) return ["upstream should fail, and gave objects"];
  if (!of.fails && code !== 0) return [`upstream failed: ${stderr}`];
  const said = of.fails ? stderr : stdout.toString();
  const missing = of.shows.filter((text) => !said.includes(text)).map((text) => `upstream does not say: ${text}`);
  const silent = of.warns !== undefined && !stderr.includes(of.warns);
  return silent ? [...missing, `upstream does not warn of ${of.warns}, but: ${stderr}`] : missing;
}

async function helmTemplate(of: RenderCase, copy: WorkingCopy, programs: UpstreamPrograms): Promise<Answer> {
  const { home, edited, references, folder } = copy;
  const values = of.source.helm?.values;
  const valuesFile = join(folder, "source-values.yaml");
  // JSON is YAML.
  if (values !== undefined) writeFileSync(valuesFile, JSON.stringify(values));
  if (of.updates) await mustRun(programs.helm, ["dependency", "update", join(edited, of.path)], { home, cwd: edited });
  const args = helmArguments(of, { repo: edited, references, ...(values === undefined ? {} : { valuesFile }) });
  return runProgram(programs.helm, args, { home, cwd: edited });
}

async function kustomizeBuild(of: RenderCase, copy: WorkingCopy, programs: UpstreamPrograms): Promise<Answer> {
  const { home, edited } = copy;
  const root = join(edited, of.path);
  for (const edit of kustomizeEdits(of.source.kustomize ?? {})) {
    await mustRun(programs.kustomize, edit, { home, cwd: root });
  }
  const args = ["build", of.path, "--enable-helm", "--helm-command", programs.helm, ...of.upstream];
  return runProgram(programs.kustomize, args, { home, cwd: edited });
}

import { join } from "node:path";
import { type KubeObject, PlumblineError } from "../../../src/model/index.ts";
import { renderFolder } from "../../../src/render/index.ts";
import { testEngine } from "../../engine/index.ts";
import type { RenderCase } from "./case-file.ts";
import type { WorkingCopy } from "./working-copy.ts";

export interface Here {
  readonly objects: readonly KubeObject[];
  /** Codes of the problems. */
  readonly codes: readonly string[];
  readonly problems: readonly unknown[];
  readonly warnings: readonly string[];
}

/** What src/render says to a case: the one place that knows how it is asked. */
export async function renderHere(of: RenderCase, { repo, references }: WorkingCopy): Promise<Here> {
  const { name, namespace, source } = of;
  try {
    const { manifests, problems, warnings } = await renderFolder(join(repo, of.path), {
      root: repo,
      engine: testEngine(),
      release: { name, namespace },
      source,
      references,
    });
    return {
      objects: manifests.map(({ object }) => object),
      codes: problems.map(({ code }) => code),
      problems,
      warnings,
    };
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    return { objects: [], codes: [error.code], problems: [error], warnings: [] };
  }
}

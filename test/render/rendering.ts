import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { PlumblineError, type Problem } from "../../src/model/index.ts";
import { type Engine, type FolderOptions, type RenderResult, renderFolder } from "../../src/render/index.ts";

export type Files = { readonly [path: string]: string | Uint8Array };

/** A repository in a folder that goes with the test. */
export function repositoryOf(files: Files): string {
  const root = mkdtempSync(join(tmpdir(), "plumb-render-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export interface Rendering extends Omit<FolderOptions, "engine" | "root"> {
  readonly engine: Engine;
  /** Default "web". */
  readonly path?: string;
}

/** What becomes of the files, with what was thrown among the problems. */
export async function rendering(files: Files, { path = "web", ...options }: Rendering): Promise<RenderResult> {
  return await renderingOf(repositoryOf(files), { path, ...options });
}

export async function renderingOf(root: string, { path = "web", ...options }: Rendering): Promise<RenderResult> {
  try {
    return await renderFolder(join(root, path), { root, ...options });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    const { code, message, next, retry, where } = error;
    const problem: Problem = { code, message, next, retry, ...(where === undefined ? {} : { where }) };
    return { manifests: [], problems: [problem], warnings: [], key: "" };
  }
}

/** A chart "web" with these templates and values. */
export function chart(templates: Files, values = ""): Files {
  const entries = Object.entries(templates).map(([name, text]) => [`web/templates/${name}`, text]);
  return {
    "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "web/values.yaml": values,
    ...Object.fromEntries(entries),
  };
}

export function settings(data: string, name = "settings"): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}\n`;
}

/** A chart that renders to one object. */
export const GOOD: Files = chart({ "a.yaml": settings('{ a: "1" }') });

/** A chart that renders for longer than any deadline here. */
export const ENDLESS: Files = chart({
  "a.yaml": "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}",
});

import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { sha256 } from "../../kit/hash.ts";
import {
  type Application,
  applicationName,
  type Fleet,
  formatOrigin,
  type Manifest,
  PlumblineError,
  type Problem,
  type Project,
  toProblem,
} from "../../model/index.ts";
import { DEFAULT_LIMITS, decode } from "../../render/index.ts";
import { lineOf } from "../settings/line-of.ts";
import { formatMisfit, readApplication } from "./application-document.ts";
import { isProjectDocument, readProject } from "./project-document.ts";

export interface ApplicationFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Either problems is empty and applications is everything the files say, or the files are not to be used. */
export interface Declared {
  readonly applications: readonly Application[];
  /** Declarations of many. */
  readonly fleets: readonly Fleet[];
  readonly projects: readonly Project[];
  readonly problems: readonly Problem[];
}

/** The file, or the .yaml, .yml and .json files right below the folder, sorted; names that begin with a dot are left out. Errors: PL-CONFIG-UNREADABLE. */
export async function readApplicationFiles(path: string): Promise<readonly ApplicationFile[]> {
  try {
    const isFolder = (await stat(path)).isDirectory();
    const files = isFolder
      ? (await readdir(path))
          .filter(isApplicationFile)
          .sort()
          .map((name) => join(path, name))
      : [path];
    return await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlumblineError("PL-CONFIG-UNREADABLE", { message: `it cannot be read: ${reason}`, where: path, cause });
  }
}

function isApplicationFile(name: string): boolean {
  return !name.startsWith(".") && /\.(ya?ml|json)$/i.test(name);
}

/** Same files, same fingerprint. */
export function fingerprintOf(files: readonly ApplicationFile[]): string {
  return sha256(files.map(({ file, bytes }) => `${file}\0${sha256(bytes)}\n`).join(""));
}

/** What the files declare. Every problem is PL-CONFIG-INVALID or PL-CONFIG-DUPLICATE, with `file:line` and the field's pointer. */
export function declaredIn(files: readonly ApplicationFile[]): Declared {
  const reading = new Reading();
  for (const { file, bytes } of files) {
    const decoded = decode({ file, bytes, repo: "", revision: "", limits: DEFAULT_LIMITS });
    for (const { message, code, where } of decoded.problems)
      reading.problems.push(invalid(`${message} (${code})`, where ?? file));
    for (const manifest of decoded.manifests) reading.add(manifest, bytes);
  }
  const { applications, fleets, projects, problems } = reading;
  return { applications, fleets, projects, problems };
}

/** What was read so far. */
class Reading {
  readonly problems: Problem[] = [];
  readonly applications: Application[] = [];
  readonly fleets: Fleet[] = [];
  readonly projects: Project[] = [];
  readonly #places = new Map<string, string>();

  add(manifest: Manifest, bytes: Uint8Array): void {
    if (isProjectDocument(manifest.object)) this.#addProject(manifest, bytes);
    else this.#addApplication(manifest, bytes);
  }

  #addProject(manifest: Manifest, bytes: Uint8Array): void {
    const { project, misfits } = readProject(manifest.object);
    if (misfits !== undefined) this.problems.push(...misfitProblems(manifest, misfits, bytes));
    else if (this.#isNew(`Project ${project.metadata.name}`, manifest)) this.projects.push(project);
  }

  #addApplication(manifest: Manifest, bytes: Uint8Array): void {
    const { application, fleet, misfits } = readApplication(manifest.object);
    if (misfits !== undefined) this.problems.push(...misfitProblems(manifest, misfits, bytes));
    else if (!this.#isNew(applicationName(application ?? fleet), manifest)) return;
    else if (application !== undefined) this.applications.push(application);
    else this.fleets.push(fleet);
  }

  #isNew(name: string, { origin }: Manifest): boolean {
    const here = formatOrigin(origin);
    const first = this.#places.get(name);
    if (first === undefined) this.#places.set(name, here);
    else this.problems.push(duplicate(name, first, here));
    return first === undefined;
  }
}

function misfitProblems(
  { ref, origin }: Manifest,
  misfits: NonNullable<ReturnType<typeof readApplication>["misfits"]>,
  bytes: Uint8Array,
): Problem[] {
  if (!["Application", "Project"].includes(ref.kind) || ref.group !== "plumbline.dev") {
    const kind = ref.group === "" ? ref.kind : `${ref.kind} of ${ref.group}`;
    return [
      invalid(
        `here only Applications and Projects of plumbline.dev are read, and this is a ${kind}`,
        formatOrigin(origin),
      ),
    ];
  }
  const text = new TextDecoder().decode(bytes);
  return misfits.map((misfit) => {
    const line = lineOf(text, misfit.pointer, origin.line) ?? origin.line;
    return invalid(`${ref.name}: ${formatMisfit(misfit)}`, formatOrigin({ file: origin.file, line }));
  });
}

function invalid(message: string, where: string): Problem {
  return toProblem(new PlumblineError("PL-CONFIG-INVALID", { message, where }));
}

function duplicate(name: string, first: string, second: string): Problem {
  const message = `${name} is already declared at ${first}`;
  return toProblem(new PlumblineError("PL-CONFIG-DUPLICATE", { message, where: second }));
}

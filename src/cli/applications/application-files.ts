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
  toProblem,
} from "../../model/index.ts";
import { DEFAULT_LIMITS, decode } from "../../render/index.ts";
import { lineOf } from "../settings/line-of.ts";
import { formatMisfit, readApplication } from "./application-document.ts";

export interface ApplicationFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

/** Either problems is empty and applications is everything the files say, or the files are not to be used. */
export interface Declared {
  readonly applications: readonly Application[];
  /** Declarations of many. */
  readonly fleets: readonly Fleet[];
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
  const problems: Problem[] = [];
  const applications: Application[] = [];
  const fleets: Fleet[] = [];
  const places = new Map<string, string>();
  for (const { file, bytes } of files) {
    const decoded = decode({ file, bytes, repo: "", revision: "", limits: DEFAULT_LIMITS });
    problems.push(
      ...decoded.problems.map((problem) => invalid(`${problem.message} (${problem.code})`, problem.where ?? file)),
    );
    for (const manifest of decoded.manifests) {
      const { application, fleet, misfits } = readApplication(manifest.object);
      if (misfits !== undefined) {
        problems.push(...misfitProblems(manifest, misfits, bytes));
        continue;
      }
      const name = applicationName(application ?? fleet);
      const here = formatOrigin(manifest.origin);
      const first = places.get(name);
      places.set(name, first ?? here);
      if (first !== undefined) problems.push(duplicate(name, first, here));
      else if (application !== undefined) applications.push(application);
      else fleets.push(fleet);
    }
  }
  return { applications, fleets, problems };
}

function misfitProblems(
  { ref, origin }: Manifest,
  misfits: NonNullable<ReturnType<typeof readApplication>["misfits"]>,
  bytes: Uint8Array,
): Problem[] {
  if (ref.kind !== "Application" || ref.group !== "plumbline.dev") {
    const kind = ref.group === "" ? ref.kind : `${ref.kind} of ${ref.group}`;
    return [invalid(`here only Applications of plumbline.dev are read, and this is a ${kind}`, formatOrigin(origin))];
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

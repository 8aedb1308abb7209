import { type Manifest, PlumblineError, toProblem } from "../model/index.ts";
import { readJson } from "./json.ts";
import { manifestsOf } from "./manifest.ts";
import { type Located, Reading } from "./reading.ts";
import { type Chunk, countSeparators, splitStream } from "./split.ts";
import { textOf } from "./text.ts";
import type { Decoded, DecodeInput } from "./types.ts";
import { readYaml } from "./yaml.ts";

/**
 * The manifests of one file of YAML or JSON, and everything that is wrong with it. Never throws.
 * Files that are too large (limits.fileBytes) or hold too many documents are refused before they are parsed.
 * Problems: PL-YAML-*, PL-MANIFEST-INCOMPLETE, PL-MANIFEST-INVALID, each with `where` as file:line.
 */
export function decode({ bytes, file, repo, revision, limits, lenient = false }: DecodeInput): Decoded {
  const failed = (error: unknown): Decoded => ({ manifests: [], problems: [toProblem(error)], warnings: [] });
  if (bytes.byteLength > limits.fileBytes) return failed(tooLarge(file, bytes.byteLength, limits.fileBytes));
  let reading: Reading;
  try {
    reading = new Reading({ text: textOf(bytes, file), file, limits, lenient });
    refuseTooMany(reading);
  } catch (error) {
    return failed(error);
  }
  const manifests: Manifest[] = [];
  for (const document of documentsOf(reading)) {
    for (const manifest of manifestsOf(reading, document, { repo, revision })) manifests.push(manifest);
    if (manifests.length > limits.documents) return failed(tooMany(file, limits.documents));
  }
  return { manifests, problems: reading.listed(), warnings: reading.warnings };
}

export function tooLarge(file: string, size: number, limit: number): PlumblineError {
  return new PlumblineError("PL-YAML-TOO-LARGE", {
    message: `the file has ${size} bytes; at most ${limit} are read`,
    where: file,
  });
}

function refuseTooMany({ text, file, limits }: Reading): void {
  if (countSeparators(text, limits.documents + 1) <= limits.documents) return;
  throw tooMany(file, limits.documents);
}

export function tooMany(where: string, limit: number): PlumblineError {
  return new PlumblineError("PL-YAML-TOO-MANY", { message: `more than ${limit} documents or objects`, where });
}

/** The documents that are sound so far, without empty ones: nothing but comments, or null, says nothing to kubectl either. */
function documentsOf(reading: Reading): Located[] {
  const { text, file } = reading;
  if (file.endsWith(".json") && /^\s*[[{]/.test(text.slice(0, 1000))) return soundJson(reading);
  const { chunks, bad } = splitStream(text);
  for (const offset of bad) {
    const message = 'only a comment may follow "---" on its line';
    reading.report({ code: "PL-YAML-SYNTAX", offset, message });
  }
  const documents: Located[] = [];
  for (const chunk of chunks) {
    const before = reading.faults;
    const found = readChunk(reading, chunk);
    if (reading.faults === before) documents.push(...found.filter(({ value }) => value !== null));
  }
  return documents;
}

function soundJson(reading: Reading): Located[] {
  if (isTooLong(reading, reading.text.length, 0)) return [];
  const before = reading.faults;
  try {
    const documents = readJson(reading, 0, reading.text.length);
    return reading.faults === before ? documents : [];
  } catch (error) {
    reading.take(error, 0);
    return [];
  }
}

function isTooLong(reading: Reading, length: number, offset: number): boolean {
  const { documentBytes } = reading.limits;
  if (length <= documentBytes) return false;
  const message = `the document has ${length} characters; at most ${documentBytes} are read`;
  reading.report({ code: "PL-YAML-TOO-LARGE", offset, message, next: "split the document into smaller ones" });
  return true;
}

/** A document that begins like JSON is JSON (it may hold escapes and surrogate pairs that YAML lacks), or else YAML in flow style. */
function readChunk(reading: Reading, chunk: Chunk): Located[] {
  if (isTooLong(reading, chunk.text.length, chunk.start)) return [];
  if (!/^\s*\{\s*["}]/.test(chunk.text.slice(0, 1000))) return readYaml(reading, chunk);
  const before = reading.faults;
  try {
    return readJson(reading, chunk.start, chunk.start + chunk.text.length);
  } catch (error) {
    if (error instanceof PlumblineError && error.code === "PL-YAML-SYNTAX") {
      reading.takeBack(before);
      return readYaml(reading, chunk);
    }
    reading.take(error, chunk.start);
    return [];
  }
}

import type { IncomingMessage } from "node:http";
import { load, YAMLException } from "js-yaml";
import { isJsonObject, type Json, type JsonObject } from "../../../model/index.ts";
import { ApiError, badRequest } from "../api-error.ts";
import type { Query } from "../verbs/read.ts";

/** As many bytes as the real server reads of a body. */
const BODY_LIMIT = 3 * 1024 * 1024;

export interface ReadBody {
  /** Without parameters; "" where the client gave none. */
  readonly contentType: string;
  readonly text: string;
}

/** Errors: 413. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= BODY_LIMIT) chunks.push(chunk);
  }
  if (length > BODY_LIMIT) {
    const message = `Request entity too large: limit is ${BODY_LIMIT}`;
    throw new ApiError(413, { reason: "RequestEntityTooLarge", message });
  }
  const contentType = (request.headers["content-type"] ?? "").split(";")[0]?.trim() ?? "";
  return { contentType, text: Buffer.concat(chunks).toString("utf8") };
}

/** JSON, or YAML where the type says so. Errors: 400 for text that is neither, or is no object. */
export function parseObject(body: ReadBody): JsonObject {
  const value = parseValue(body) ?? {};
  if (!isJsonObject(value)) {
    throw badRequest("couldn't get version/kind; json parse error: json: cannot unmarshal into an object");
  }
  return value;
}

/** Errors: 400. */
export function parseValue({ contentType, text }: ReadBody): Json {
  const yaml = contentType.endsWith("yaml");
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!yaml) throw badRequest(`couldn't get version/kind; json parse error: ${words(error)}`);
  }
  try {
    // Numbers beyond 2^53 come as bigints, which JSON does not know.
    return JSON.parse(
      JSON.stringify(load(text, { maxAliases: 100 }) ?? null, (_key, value) =>
        typeof value === "bigint" ? Number(value) : value,
      ),
    );
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw badRequest(`error converting YAML to JSON: yaml: ${error.reason}`);
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The first value of each parameter. */
export function queryOf(url: URL): Query {
  const query = new Map<string, string>();
  for (const [name, value] of url.searchParams) if (!query.has(name)) query.set(name, value);
  return query;
}

export function isTrue(query: Query, name: string): boolean {
  const value = query.get(name);
  return value === "true" || value === "1" || value === "t" || value === "T" || value === "TRUE" || value === "True";
}

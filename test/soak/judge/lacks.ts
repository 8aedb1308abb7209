import type { KubeObject } from "../../../src/model/index.ts";

type Json = { readonly [key: string]: unknown };

/** What the live object lacks of the wanted one, a sentence a field. What it has beside is the server's, a controller's or a hand's. */
export function lacks(wanted: KubeObject, live: KubeObject): string[] {
  return lacking(asStored(wanted), live, "");
}

/** The server keeps what stringData says as base64 in data. */
function asStored({ stringData, ...rest }: KubeObject): Json {
  if (stringData === undefined) return rest;
  const texts = Object.entries(stringData as { readonly [key: string]: string });
  const data = Object.fromEntries(texts.map(([key, text]) => [key, Buffer.from(text).toString("base64")]));
  return { ...rest, data: { ...((rest["data"] as object | undefined) ?? {}), ...data } };
}

function lacking(want: unknown, got: unknown, path: string): string[] {
  if (Array.isArray(want)) {
    if (!Array.isArray(got)) return [`${path} is ${JSON.stringify(got)}, not a list`];
    // An empty list means the same as none, and what is in a list is in this order and nothing else is.
    if (want.length !== got.length) return [`${path} has ${got.length} items, not ${want.length}`];
    return want.flatMap((item, at) => lacking(item, got[at], `${path}/${at}`));
  }
  if (isObject(want)) {
    if (!isObject(got)) return [`${path} is ${JSON.stringify(got)}`];
    return Object.entries(want).flatMap(([key, value]) => lacking(value, got[key], `${path}/${key}`));
  }
  return want === got ? [] : [`${path} is not as Git has it`];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { isUtf8 } from "node:buffer";
import { SCALAR_STYLE, type ScalarEvent } from "js-yaml";
import type { ErrorCode } from "../model/index.ts";
import type { Piece, Reading } from "./reading.ts";
import { decimalOf, floatKey, INEXACT, integerOf, resolvePlain, type Scalar } from "./scalar.ts";

/** A scalar of the text: `tag` as written ("" without), `text` with quotes and escapes resolved. */
interface WrittenScalar {
  readonly event: ScalarEvent;
  readonly text: string;
  readonly tag: string;
}

const CORE = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** undefined: the text does not fit its tag. Tags that are not YAML's own say nothing, and leave the text as it is. */
function resolveTagged(tag: string, text: string): Scalar | undefined {
  const plain = resolvePlain(text);
  switch (CORE.exec(tag)?.[1]) {
    case "int":
      return integerOf(text);
    case "float":
      return plain === INEXACT ? INEXACT : (integerOf(text) ?? decimalOf(text));
    case "bool":
      return typeof plain === "boolean" ? plain : undefined;
    case "null":
      return plain === null ? null : undefined;
    case "binary":
      return textOfBase64(text.replaceAll("\n", ""));
    default:
      return text;
  }
}

function textOfBase64(text: string): string | undefined {
  if (!BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, "base64");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}

function resolve({ event, text, tag }: WrittenScalar): Scalar | undefined {
  if (tag !== "") return resolveTagged(tag, text);
  return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
}

/** The value of a scalar. A text that does not fit its tag or has no exact number is reported, and null takes its place. */
export function scalarOf(reading: Reading, scalar: WrittenScalar, piece: Piece): string | number | boolean | null {
  const value = resolve(scalar);
  if (value !== undefined && value !== INEXACT) return value;
  report({ reading, scalar, piece, value });
  return null;
}

/** Keys are text: 1 is "1", yes is "true", 1.50 is "1.5", as sigs.k8s.io/yaml makes JSON of them. `<<` without quotes is a merge. */
export function textOfKey(reading: Reading, scalar: WrittenScalar, piece: Piece): { text: string; isMerge: boolean } {
  const isPlain = scalar.event.style === SCALAR_STYLE.PLAIN;
  if (scalar.text === "<<" && isPlain && (scalar.tag === "" || scalar.tag === "!!merge"))
    return { text: "<<", isMerge: true };
  const value = resolve(scalar);
  const isFloat = typeof value === "number" && integerOf(scalar.text) === undefined;
  const text = isFloat ? floatKey(value) : value;
  if (text === INEXACT || text === undefined) report({ reading, scalar, piece, value: text });
  else if (text === null)
    reportAt({ reading, scalar, piece, code: "PL-YAML-KEY", message: "a key is missing, or null" });
  return { text: String(text === INEXACT ? scalar.text : (text ?? "")), isMerge: false };
}

interface Report {
  readonly reading: Reading;
  readonly scalar: WrittenScalar;
  readonly piece: Piece;
}

/** Says nothing of the text itself: it may be a Secret's. */
function report({ value, ...rest }: Report & { readonly value: typeof INEXACT | undefined }): void {
  if (value === INEXACT) {
    const message = "an integer beyond 2^53 - 1, or a number that is none; JSON cannot hold it exactly";
    reportAt({ ...rest, code: "PL-YAML-NUMBER", message });
  } else reportAt({ ...rest, code: "PL-YAML-SYNTAX", message: `the value does not fit its tag ${rest.scalar.tag}` });
}

function reportAt({ reading, scalar, piece, code, message }: Report & { code: ErrorCode; message: string }): void {
  const { valueStart, tagStart } = scalar.event;
  reading.report({ code, offset: piece.at(Math.max(0, valueStart, tagStart)), message });
}

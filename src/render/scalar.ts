/** A number that the text means and a double cannot hold: beyond 2^53 - 1, infinite, or none at all. */
export const INEXACT = Symbol("inexact");

export type Scalar = string | number | boolean | null | typeof INEXACT;

/** Words that are no text when they stand without quotes. "y" and "n" alone are booleans to Kubernetes too, as kubectl shows. */
const WORDS: ReadonlyMap<string, boolean | null | typeof INEXACT> = new Map<string, boolean | null | typeof INEXACT>([
  ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map((word) => [word, true] as const),
  ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, INEXACT] as const),
  ...["", "+", "-"].flatMap((sign) => [".inf", ".Inf", ".INF"].map((word) => [sign + word, INEXACT] as const)),
]);
const LONGEST_WORD = 5;

const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** Octal as C writes it, "0644", or with an o. A leading zero before an 8 or 9 makes a decimal: "08" is 8. */
const OCTAL = /^[-+]?0[oO]?[0-7]+$/;
const HEX_OR_BINARY = /^[-+]?0(?:[xX][0-9a-fA-F]+|[bB][01]+)$/;
const INTEGER = /^[-+]?[0-9]+$/;

type Hint = "number" | "word" | "text";

function hintOf(first: number): Hint {
  if ((first >= 48 && first <= 57) || first === 43 || first === 45 || first === 46) return "number";
  // NaN is the empty text; then ~ and the first letters of the words.
  if (Number.isNaN(first) || "~yYnNtTfFoO".includes(String.fromCharCode(first))) return "word";
  return "text";
}

/**
 * What an unquoted scalar means to Kubernetes (sigs.k8s.io/yaml): YAML 1.1 booleans, octals and underscores, with 0o644 and 1e3 besides;
 * dates and base 60 ("1:30") stay text. Each line of test/render/scalar-answers.ts is kubectl's own answer.
 */
export function resolvePlain(text: string): Scalar {
  const hint = hintOf(text.charCodeAt(0));
  if (hint === "text") return text;
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  return hint === "number" ? (integerOf(text) ?? decimalOf(text) ?? text) : text;
}

/** The integer that the text is, in any base; undefined when it is none. */
export function integerOf(text: string): number | typeof INEXACT | undefined {
  const digits = withoutUnderscores(text);
  if (digits === undefined) return undefined;
  const negative = digits.startsWith("-");
  const bare = negative || digits.startsWith("+") ? digits.slice(1) : digits;
  const value = magnitude(bare);
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value)) return INEXACT;
  return negative && value !== 0 ? -value : value;
}

function magnitude(bare: string): number | undefined {
  if (bare.length > 1 && bare.startsWith("0")) {
    if (OCTAL.test(bare)) return Number.parseInt(bare.replace(/^0[oO]?/, ""), 8);
    if (HEX_OR_BINARY.test(bare)) return Number(bare);
    return undefined;
  }
  return INTEGER.test(bare) && !/^[-+]/.test(bare) ? Number(bare) : undefined;
}

/** The decimal number that the text is; undefined when it is none, or one too large for a double (that is text to kubectl). */
export function decimalOf(text: string): number | undefined {
  const digits = withoutUnderscores(text);
  if (digits === undefined || !DECIMAL.test(digits)) return undefined;
  const value = Number(digits);
  if (!Number.isFinite(value)) return undefined;
  return value === 0 ? 0 : value;
}

/** Underscores count for nothing between digits, but a number that begins with a point has none (kubectl: ".5_0" is text). */
function withoutUnderscores(text: string): string | undefined {
  if (!text.includes("_")) return text;
  return text.startsWith(".") ? undefined : text.replaceAll("_", "");
}

/** Go's shortest form of a 32-bit float, which is how sigs.k8s.io/yaml writes a number with a point that stands as a key. */
export function floatKey(value: number): string | typeof INEXACT {
  const single = Math.fround(value);
  if (!Number.isFinite(single)) return INEXACT;
  let precision = 1;
  while (precision < 9 && Math.fround(Number(single.toPrecision(precision))) !== single) precision++;
  const [mantissa = "", power = "0"] = single.toExponential(precision - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return Number(single.toPrecision(precision)).toString();
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** A number as digits times a power of ten, without trailing zeros in the digits: equal numbers, equal parts. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const QUANTITY = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,4})?$/;
const DECIMAL_SUFFIXES = new Map([
  ["n", -9],
  ["u", -6],
  ["m", -3],
  ["k", 3],
  ["M", 6],
  ["G", 9],
  ["T", 12],
  ["P", 15],
  ["E", 18],
]);
const BINARY_SUFFIXES = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
const LONGEST = 256;

function trimmed(digits: bigint, exponent: number): Decimal {
  if (digits === 0n) return { digits, exponent: 0 };
  let rest = digits;
  let power = exponent;
  while (rest % 10n === 0n) {
    rest /= 10n;
    power++;
  }
  return { digits: rest, exponent: power };
}

/** Reads a Kubernetes quantity exactly: "1.5Gi", "100m", "1e3", 0.5. Undefined for what is none.
 *  Source: Kubernetes, "Quantity" (k8s.io/apimachinery/pkg/api/resource). */
export function parseQuantity(value: unknown): Decimal | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = QUANTITY.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  const binary = BINARY_SUFFIXES.indexOf(suffix) + 1;
  const magnitude = BigInt(whole + fraction) * 1024n ** BigInt(binary);
  return trimmed(sign === "-" ? -magnitude : magnitude, powerOf(suffix) - fraction.length);
}

function powerOf(suffix: string): number {
  return DECIMAL_SUFFIXES.get(suffix) ?? (/^[eE]./.test(suffix) && !suffix.endsWith("i") ? Number(suffix.slice(1)) : 0);
}

/** Whether two quantities are the same number; undefined when one of them is no quantity. */
export function sameQuantity(one: unknown, other: unknown): boolean | undefined {
  const a = parseQuantity(one);
  const b = parseQuantity(other);
  return a && b && a.digits === b.digits && a.exponent === b.exponent;
}

/** Below, at or above 0 as the first is less than, as much as or more than the other; undefined when one of them is no quantity. */
export function compareQuantities(one: unknown, other: unknown): number | undefined {
  const [a, b] = [parseQuantity(one), parseQuantity(other)];
  if (a === undefined || b === undefined) return undefined;
  const finest = Math.min(a.exponent, b.exponent);
  const whole = ({ digits, exponent }: Decimal): bigint => digits * 10n ** BigInt(exponent - finest);
  return Math.sign(Number(whole(a) - whole(b)));
}

/** Finer than a thousandth: the server rounds such quantities up where a field wants whole milli-units. */
export function isFinerThanMilli(value: unknown): boolean {
  return (parseQuantity(value)?.exponent ?? 0) < -3;
}

/** As the server spells it: no fraction, the largest suffix of the same family that leaves none. "1000m" -> "1", 0.5 -> "500m",
 *  "1024Mi" -> "1Gi". Undefined for what is no quantity. */
export function canonicalQuantity(value: unknown): string | undefined {
  const number = parseQuantity(value);
  if (number === undefined) return undefined;
  const [, , , , suffix = ""] = QUANTITY.exec(String(value)) ?? [];
  if (number.digits === 0n) return "0";
  const whole = number.exponent >= 0 ? number.digits * 10n ** BigInt(number.exponent) : undefined;
  if (suffix.endsWith("i") && whole !== undefined && (whole >= 1024n || whole <= -1024n)) return inBinary(whole);
  // Whole thousands, upwards or downwards.
  const power = Math.min(18, Math.max(-9, Math.floor(number.exponent / 3) * 3));
  const digits = number.digits * 10n ** BigInt(Math.max(0, number.exponent - power));
  if (/^[eE]/.test(suffix)) return power === 0 ? `${digits}` : `${digits}e${power}`;
  const name = [...DECIMAL_SUFFIXES].find(([, exponent]) => exponent === power)?.[0] ?? "";
  return `${digits}${name}`;
}

/** As canonicalQuantity, of the next whole thousandth: finer amounts of resources are rounded away from zero. */
export function milliQuantity(value: unknown): string | undefined {
  const number = parseQuantity(value);
  if (number === undefined || number.exponent >= -3) return canonicalQuantity(value);
  const size = 10n ** BigInt(-3 - number.exponent);
  const [whole, rest] = [number.digits / size, number.digits % size];
  const away = number.digits < 0n ? -1n : 1n;
  return canonicalQuantity(`${rest === 0n ? whole : whole + away}m`);
}

function inBinary(whole: bigint): string {
  let [rest, at] = [whole, -1];
  while (at + 1 < BINARY_SUFFIXES.length && rest % 1024n === 0n) {
    rest /= 1024n;
    at++;
  }
  return `${rest}${BINARY_SUFFIXES[at] ?? ""}`;
}

import type { Filter, Operand } from "./filter.ts";
import type { PathScanner } from "./path-scanner.ts";

const DEEPEST = 16;
const MOST_TERMS = 64;
const LONGEST_WAY = 32;

/** How much one expression has used up of what it may. */
export interface Budget {
  terms: number;
}

/** The expression of `[?(…)]`, up to its closing bracket: `@.name == "web" && !(@.port < 1024)`. Errors: PL-IGNORE-INVALID. */
export function readFilter(scanner: PathScanner, budget: Budget, depth = 0): Filter {
  return readParts("or", scanner, () => readParts("and", scanner, () => readTerm(scanner, budget, depth)));
}

function readParts(kind: "and" | "or", scanner: PathScanner, next: () => Filter): Filter {
  const first = next();
  const parts = [first];
  while (scanner.take(kind === "or" ? "||" : "&&")) parts.push(next());
  return parts.length === 1 ? first : { kind, parts };
}

function readTerm(scanner: PathScanner, budget: Budget, depth: number): Filter {
  if (depth > DEEPEST) scanner.fail(`the filter is nested more than ${DEEPEST} deep`);
  if (++budget.terms > MOST_TERMS) scanner.fail(`the filters have more than ${MOST_TERMS} terms`);
  scanner.skipSpaces();
  const term = readBareTerm(scanner, budget, depth);
  scanner.skipSpaces();
  return term;
}

function readBareTerm(scanner: PathScanner, budget: Budget, depth: number): Filter {
  if (scanner.take("!")) return { kind: "not", part: readTerm(scanner, budget, depth + 1) };
  if (scanner.take("(")) {
    const inner = readFilter(scanner, budget, depth + 1);
    scanner.expect(")");
    return inner;
  }
  const left = readOperand(scanner);
  scanner.skipSpaces();
  const operator = OPERATORS.find((one) => scanner.take(one));
  if (operator === undefined) {
    return "way" in left ? { kind: "exists", way: left.way } : scanner.fail("a value alone says nothing of an item");
  }
  scanner.skipSpaces();
  return { kind: "compare", operator, left, right: readOperand(scanner) };
}

/** The longer ones first, for they begin like the shorter ones. */
const OPERATORS = ["==", "!=", "<=", ">=", "<", ">"] as const;
const WORDS = new Map<string, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function readOperand(scanner: PathScanner): Operand {
  if (scanner.take("@")) return { way: readWay(scanner) };
  const value = scanner.text() ?? scanner.number();
  if (value !== undefined) return { value };
  const word = scanner.name();
  const known = word === undefined ? undefined : WORDS.get(word);
  if (known === undefined) scanner.fail('here should be @, a "text", a number, true, false or null');
  return { value: known };
}

function readWay(scanner: PathScanner): (string | number)[] {
  const way: (string | number)[] = [];
  while (scanner.startsWith(".") || scanner.startsWith("[")) {
    if (way.length >= LONGEST_WAY) scanner.fail(`more than ${LONGEST_WAY} fields below @`);
    way.push(scanner.take("[") ? readKey(scanner) : readName(scanner));
  }
  return way;
}

function readName(scanner: PathScanner): string {
  scanner.expect(".");
  return scanner.name() ?? scanner.fail("below @ only names and positions may stand");
}

/** What stands between brackets: a name in quotes, or a position from 0. */
export function readKey(scanner: PathScanner): string | number {
  const key = scanner.text() ?? scanner.number();
  if (key === undefined) scanner.fail('in brackets should be *, ?(…), a "name" or a position');
  if (typeof key === "number" && !Number.isSafeInteger(key)) scanner.fail("a position is a whole number");
  if (typeof key === "number" && key < 0) scanner.fail("positions are counted from 0, not from the end");
  if (scanner.startsWith(",") || scanner.startsWith(":")) {
    scanner.fail("several names and ranges are not known here: write a rule for each, or a filter");
  }
  scanner.expect("]");
  return key;
}

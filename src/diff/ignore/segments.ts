import { unescapeToken } from "../../kit/json-pointer.ts";
import type { Filter } from "./filter.ts";
import { PathScanner } from "./path-scanner.ts";
import { type Budget, readFilter, readKey } from "./read-filter.ts";

/** One step of a rule's way down an object. */
export type Segment =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "position"; readonly position: number }
  /** A pointer does not say which of the two it means. */
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "every" }
  /** `[name=web]`, as paths are printed. */
  | { readonly kind: "item"; readonly label: string }
  | { readonly kind: "filter"; readonly filter: Filter };

const MOST_SEGMENTS = 64;
const MOST_FILTERS = 8;

/** `/spec/containers[name=web]/image` -> spec, containers, [name=web], image. In a bracket `/` is written `~1`, as in a pointer; `*` is
 *  every field or item. Errors: PL-IGNORE-INVALID. */
export function readPointer(path: string): readonly Segment[] {
  const scanner = new PathScanner(path);
  scanner.expect("/");
  if (path === "/") scanner.fail("it names no field");
  const parts = path.split("/").slice(1);
  if (parts.length > MOST_SEGMENTS) scanner.fail(`it has more than ${MOST_SEGMENTS} parts`);
  return parts.flatMap((part): Segment[] => {
    const [, name = part, label] = /^([^[]*)(\[[^\]]*=.*\])$/s.exec(part) ?? [];
    const field: Segment = name === "*" ? { kind: "every" } : { kind: "token", token: unescapeToken(name) };
    if (label === undefined) return [field];
    return name === "" ? [{ kind: "item", label }] : [field, { kind: "item", label }];
  });
}

/**
 * JSONPath as kubectl writes it: `.spec.containers[?(@.name=="web")].env[*].value`, also with `$` before it or `{…}` around it.
 * Names, `['a.b']`, `[0]`, `[*]`, `[name=web]` and filters are known. What could look everywhere (`..`) is refused, so that the work grows with the object
 * and with the expression, and with nothing else. Errors: PL-IGNORE-INVALID. Source: Kubernetes, "JSONPath Support"; RFC 9535.
 */
export function readJsonPath(text: string): readonly Segment[] {
  const scanner = new PathScanner(text.trim());
  const isWrapped = scanner.take("{");
  scanner.take("$");
  const segments: Segment[] = [];
  const budget: Budget = { terms: 0 };
  while (!scanner.isAtEnd && !(isWrapped && scanner.startsWith("}"))) {
    segments.push(readSegment(scanner, budget, segments.length === 0));
    if (segments.length > MOST_SEGMENTS) scanner.fail(`it has more than ${MOST_SEGMENTS} parts`);
    if (segments.filter(({ kind }) => kind === "filter").length > MOST_FILTERS) {
      scanner.fail(`it has more than ${MOST_FILTERS} filters`);
    }
  }
  if (isWrapped) scanner.expect("}");
  if (!scanner.isAtEnd) scanner.fail("nothing may follow the closing }");
  if (segments.length === 0) scanner.fail("it names no field");
  return segments;
}

function readSegment(scanner: PathScanner, budget: Budget, isFirst: boolean): Segment {
  if (scanner.startsWith("..")) scanner.fail("`..` is refused, for it looks everywhere: name the fields on the way");
  const dotted = scanner.take(".");
  if (scanner.take("[")) return readBracket(scanner, budget);
  if (!dotted && !isFirst) scanner.fail("here should be . or [");
  if (scanner.take("*")) return { kind: "every" };
  const name = scanner.name();
  return name === undefined ? scanner.fail("here should be the name of a field") : { kind: "field", name };
}

function readBracket(scanner: PathScanner, budget: Budget): Segment {
  if (scanner.take("*")) {
    scanner.expect("]");
    return { kind: "every" };
  }
  if (scanner.take("?")) {
    scanner.expect("(");
    const filter = readFilter(scanner, budget);
    scanner.expect(")");
    scanner.expect("]");
    return { kind: "filter", filter };
  }
  const label = scanner.label();
  if (label !== undefined) {
    scanner.expect("]");
    return { kind: "item", label: `[${label}]` };
  }
  const key = readKey(scanner);
  return typeof key === "number" ? { kind: "position", position: key } : { kind: "field", name: key };
}

import { parseSync, type Span, Visitor } from "oxc-parser";

/** A function that has a name, and how long it is from its first line to its last. */
export interface MeasuredFunction {
  readonly name: string;
  /** Counts from 1. */
  readonly line: number;
  /** What stands inside counts too: a closure of 200 lines is 200 lines to read, whatever it is cut into. */
  readonly lines: number;
}

/**
 * Every function of a TypeScript file that is declared, a method, or the value of a variable, field or property, nested
 * ones as well. A callback without a name is a part of the function it stands in: counted by itself, a file of one-line
 * arrows would look like good work.
 */
export function functionsOf(file: string, source: string): MeasuredFunction[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join("; ")}`);
  const lineAt = lineFinder(source);
  const found: MeasuredFunction[] = [];
  const add = (name: string, { start, end }: Span): void => {
    const line = lineAt(start);
    found.push({ name, line, lines: lineAt(end) - line + 1 });
  };
  const addValue = (key: Span, value: (Span & { readonly type: string }) | null): void => {
    if (value !== null && /^(Arrow)?FunctionExpression$/.test(value.type)) {
      add(source.slice(key.start, key.end), { start: key.start, end: value.end });
    }
  };
  new Visitor({
    FunctionDeclaration: (node) => add(node.id?.name ?? "default", node),
    MethodDefinition: ({ key, value }) => addValue(key, value),
    PropertyDefinition: ({ key, value }) => addValue(key, value),
    Property: ({ key, value }) => addValue(key, value),
    VariableDeclarator: ({ id, init }) => addValue(id, init),
  }).visit(program);
  return found;
}

/** Offset -> line, counted from 1, by halving. */
function lineFinder(source: string): (offset: number) => number {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
}

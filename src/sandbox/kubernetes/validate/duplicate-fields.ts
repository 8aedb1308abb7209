/** A string, or one character of structure. What is between needs no look. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

interface Level {
  readonly path: string;
  /** undefined: a list. */
  readonly seen: Set<string> | undefined;
  index: number;
  field: string;
}

/** Fields that a JSON text names twice in one object, as `spec.containers[0].image`; what a parser gives has only the last. The text must have been parsed before. */
export function duplicateFields(text: string): readonly string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") levels.push(opened(level, token));
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level !== undefined) level.index += 1;
    else if (token === ":" && level?.seen !== undefined) {
      level.field = JSON.parse(last);
      if (level.seen.has(level.field)) found.push(pathAt(level));
      level.seen.add(level.field);
    }
    last = token;
  }
  return [...new Set(found)];
}

function opened(parent: Level | undefined, token: string): Level {
  const path = parent === undefined ? "" : pathAt(parent);
  return { path, seen: token === "{" ? new Set() : undefined, index: 0, field: "" };
}

function pathAt({ path, seen, index, field }: Level): string {
  if (seen === undefined) return `${path}[${index}]`;
  return path === "" ? field : `${path}.${field}`;
}

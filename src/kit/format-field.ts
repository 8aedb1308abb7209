import { unescapeToken } from "./json-pointer.ts";

interface Place {
  /** A JSON pointer with list items by key: `/spec/template/spec/containers[name=web]/image`. */
  readonly path: string;
  /** RFC 6901, step by step the same place. */
  readonly pointer: string;
}

/** A field as `kubectl explain` spells it, with list items by key: `spec.template.spec.containers[name=web].image`, and
 *  `metadata.annotations["example.com/team"]` where a name is no word. "" is the whole object; a path that its pointer does not fit stays as it is. */
export function formatField({ path, pointer }: Place): string {
  let rest = path;
  let text = "";
  for (const token of pointer.split("/").slice(1)) {
    const step = rest.startsWith(`/${token}`) ? `/${token}` : labelOf(rest);
    if (step === undefined) return path;
    text += step.startsWith("/") ? fieldName(unescapeToken(token), text === "") : unescapeToken(step);
    rest = rest.slice(step.length);
  }
  return rest === "" ? text : path;
}

/** Slashes in a label are escaped, so that it goes on to the next one. */
function labelOf(rest: string): string | undefined {
  const [label] = /^\[[^/]*\]/.exec(rest) ?? [];
  return label;
}

function fieldName(name: string, isFirst: boolean): string {
  if (!/^[\w-]+$/.test(name)) return `[${JSON.stringify(name)}]`;
  return isFirst ? name : `.${name}`;
}

import { unescapeToken } from "./json-pointer.ts";

interface Place {
  /** A JSON pointer with list items by key: `/spec/template/spec/containers[name=web]/image`. */
  readonly path: string;
  /** RFC 6901, step by step the same place. */
  readonly pointer: string;
}

/** A field as `kubectl explain` spells it, with list items by key: `spec.template.spec.containers[name=web].image`, and
 *  `metadata.annotations["example.com/team"]` where a name is no word. "" is the whole object; a path that its pointer does not fit stays as it is. */
export function formatField(place: Place): string {
  const steps = stepsOf(place);
  if (steps === undefined) return place.path;
  const text = steps.map((step) =>
    step.startsWith("/") ? fieldName(unescapeToken(step.slice(1))) : unescapeToken(step),
  );
  return text.join("").replace(/^\./, "");
}

/** The same in a sentence. */
export function nameField(place: Place): string {
  return place.path === "" ? "the whole object" : formatField(place);
}

/** The path's steps as they are written in it: `/spec`, `/containers`, `[name=web]`. Undefined where the pointer does not fit. */
export function stepsOf({ path, pointer }: Place): string[] | undefined {
  const steps: string[] = [];
  let rest = path;
  for (const token of pointer.split("/").slice(1)) {
    const step = rest.startsWith(`/${token}`) ? `/${token}` : labelOf(rest);
    if (step === undefined) return undefined;
    steps.push(step);
    rest = rest.slice(step.length);
  }
  return rest === "" ? steps : undefined;
}

/** Slashes in a label are escaped, so that it goes on to the next one. */
function labelOf(rest: string): string | undefined {
  const [label] = /^\[[^/]*\]/.exec(rest) ?? [];
  return label;
}

function fieldName(name: string): string {
  return /^[\w-]+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

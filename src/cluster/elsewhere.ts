import { type LiveObject, refOf } from "../model/index.ts";
import { isNewerVersion } from "./resource-version.ts";

/** Objects of one kind that carry the label of a set which is not kept: that they are there, and of parents a digest. A hundredth of what the objects would take. */
export class Elsewhere {
  #digests = new Map<string, LiveObject | undefined>();
  readonly #digest: ((object: LiveObject) => LiveObject) | undefined;

  constructor(digest: ((object: LiveObject) => LiveObject) | undefined) {
    this.#digest = digest;
  }

  has(ref: NameInKind): boolean {
    return this.hasNamed(nameIn(ref));
  }

  hasNamed(name: string): boolean {
    return this.#digests.has(name);
  }

  digests(): readonly LiveObject[] {
    return [...this.#digests.values()].filter((digest) => digest !== undefined);
  }

  /** Its digest where that says something new. */
  add(object: LiveObject): LiveObject | undefined {
    const name = nameIn(object.metadata);
    const version = this.#digests.get(name)?.metadata.resourceVersion;
    if (version !== undefined && !isNewerVersion(object.metadata.resourceVersion, version)) return undefined;
    const digest = this.#digest?.(object);
    const isNews = digest !== undefined && !this.says(digest);
    this.#digests.set(name, digest);
    return isNews ? digest : undefined;
  }

  /** Nothing of a digest is new. */
  says(digest: LiveObject): boolean {
    const known = this.#digests.get(nameIn(digest.metadata));
    return known !== undefined && textOf(known) === textOf(digest);
  }

  /** What it was. */
  delete(object: LiveObject): LiveObject | undefined {
    const name = nameIn(refOf(object));
    const before = this.#digests.get(name);
    this.#digests.delete(name);
    return before;
  }

  clear(): void {
    this.#digests = new Map();
  }
}

function textOf({ metadata: { resourceVersion: _version, ...rest } }: LiveObject): string {
  return JSON.stringify(rest);
}

interface NameInKind {
  readonly namespace?: string | undefined;
  readonly name: string;
}

/** The name within the kind. */
export function nameIn({ namespace = "", name }: NameInKind): string {
  return `${namespace}/${name}`;
}

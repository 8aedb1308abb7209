import type { Dependency } from "./answers.ts";
import type { RenderResult } from "./types.ts";

/** A result and what it depends on beside its key. */
export interface KeptRender {
  readonly result: RenderResult;
  readonly dependencies: readonly Dependency[];
}

interface Entry extends KeptRender {
  readonly bytes: number;
  /** Where all dependencies were last found to be the same. */
  standsAt: string;
}

/** Results in memory, up to a number of bytes; the least recently used goes first: a Map keeps the order of adding. */
export class KeptRenders {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): (KeptRender & { standsAt: string }) | undefined {
    const found = this.#entries.get(key);
    if (found === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, found);
    return found;
  }

  add(key: string, { result, dependencies }: KeptRender, standsAt: string): void {
    const entry = { result, dependencies, bytes: sizeOf(result, dependencies), standsAt };
    this.#remove(key);
    if (entry.bytes > this.#limit) return;
    this.#entries.set(key, entry);
    this.#bytes += entry.bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

function sizeOf({ manifests, problems, warnings, notes }: RenderResult, dependencies: readonly Dependency[]): number {
  return JSON.stringify([manifests, problems, warnings, notes, dependencies]).length;
}

import { randomUUID } from "node:crypto";
import type { LiveObject } from "../../../model/index.ts";
import { ApiError, badRequest } from "../api-error.ts";

export interface ListPage {
  readonly items: readonly LiveObject[];
  readonly revision: number;
  readonly continueToken?: string;
  readonly remaining?: number;
}

interface Snapshot {
  readonly items: readonly LiveObject[];
  readonly revision: number;
}

const KEPT_LISTS = 64;

/** Lists that are read page by page: each page shows what was there when the first one was read. Objects are never changed in
 *  place, so that a list kept is references only. A list that is not kept any more ends with 410, as after a compaction. */
export class PagedLists {
  readonly #kept = new Map<string, Snapshot>();

  first(all: Snapshot, limit: number): ListPage {
    return this.#page(all, { from: 0, limit, id: undefined });
  }

  next(token: string, limit: number): ListPage {
    const [, id = "", from = ""] = /^([-0-9a-f]{36})\.(\d{1,12})$/.exec(decode(token)) ?? [];
    if (id === "") {
      throw badRequest("invalid continue token: continue key is not valid: it was not made by this server");
    }
    const snapshot = this.#kept.get(id);
    if (snapshot === undefined) throw expired();
    return this.#page(snapshot, { from: Number(from), limit, id });
  }

  /** Every list that was begun is gone. */
  forget(): void {
    this.#kept.clear();
  }

  #page(all: Snapshot, { from, limit, id }: { from: number; limit: number; id: string | undefined }): ListPage {
    const { items, revision } = all;
    const to = limit > 0 ? from + limit : items.length;
    if (to >= items.length) return { items: items.slice(from), revision };
    const token = Buffer.from(`${id ?? this.#keep(all)}.${to}`).toString("base64url");
    return { items: items.slice(from, to), revision, continueToken: token, remaining: items.length - to };
  }

  #keep(all: Snapshot): string {
    const id = randomUUID();
    this.#kept.set(id, all);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_LISTS && oldest !== undefined) this.#kept.delete(oldest);
    return id;
  }
}

function decode(token: string): string {
  return Buffer.from(token, "base64url").toString("latin1");
}

function expired(): ApiError {
  return new ApiError(410, {
    reason: "Expired",
    message:
      "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
  });
}

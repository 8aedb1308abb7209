import { compareText } from "../kit/compare-text.ts";
import { parseJson } from "../kit/parse-json.ts";
import { PlumblineError } from "../model/index.ts";
import type { Page } from "./types.ts";

const DEFAULT_LIMIT = 100;

/** Where an item stands in its list: compared part by part, by code units. */
export type Position = readonly string[];

export interface Paging {
  readonly limit?: number;
  readonly continue?: string;
}

export function comparePositions(a: Position, b: Position): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left = "", right = ""] = [a[i], b[i]];
    const order = compareText(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** A page's token is the position of its last item, so that items may come and go between two pages. */
function tokenOf(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function isPosition(value: unknown): value is Position {
  return Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === "string");
}

/** Errors: PL-API-BAD-REQUEST. */
function positionOf(token: string): Position {
  const parsed = parseJson(Buffer.from(token, "base64url").toString("utf8"));
  if (isPosition(parsed)) return parsed;
  throw new PlumblineError("PL-API-BAD-REQUEST", {
    message: "`continue` is not a token that a page of this list gave",
    where: "continue",
    next: "leave `continue` out to begin with the first page",
  });
}

interface Order<T> {
  readonly position: (item: T) => Position;
  readonly compare?: (a: Position, b: Position) => number;
}

/** One page out of the same page of several who have different items of one list. */
export function joinPages<T>(pages: readonly Page<T>[], paging: Paging, order: Order<T>): Page<T> {
  const compare = order.compare ?? comparePositions;
  const items = pages.flatMap((page) => page.items).sort((a, b) => compare(order.position(a), order.position(b)));
  const { next, ...page } = pageOf(items, paging, order);
  const last = page.items.at(-1);
  const isMore = next !== undefined || pages.some((one) => one.next !== undefined);
  const total = pages.reduce((sum, one) => sum + one.total, 0);
  return { ...page, total, ...(isMore && last !== undefined ? { next: tokenOf(order.position(last)) } : {}) };
}

/** One page out of all that fit, which come sorted by `compare` of their positions. Goes through all of them, for the total; no further than the page where that is known. */
export function pageOf<T>(
  fitting: Iterable<T>,
  paging: Paging,
  order: Order<T> & {
    /** How many fit, where that is known. */
    readonly total?: number;
  },
): Page<T> {
  const limit = Math.max(1, paging.limit ?? DEFAULT_LIMIT);
  const after = paging.continue === undefined ? undefined : positionOf(paging.continue);
  const compare = order.compare ?? comparePositions;
  const items: T[] = [];
  let counted = 0;
  let last: T | undefined;
  let more = false;
  for (const item of fitting) {
    counted++;
    if (more && order.total !== undefined) break;
    if (more || (after !== undefined && items.length === 0 && compare(order.position(item), after) <= 0)) continue;
    if (items.length === limit) more = true;
    else {
      items.push(item);
      last = item;
    }
  }
  const total = order.total ?? counted;
  return more && last !== undefined ? { items, total, next: tokenOf(order.position(last)) } : { items, total };
}

/** One page of items that stand in no order yet. */
export function pageBy<T>(items: readonly T[], paging: Paging, position: (item: T) => Position): Page<T> {
  const keyed = items.map((item) => ({ item, at: position(item) })).sort((a, b) => comparePositions(a.at, b.at));
  const page = pageOf(keyed, paging, { position: ({ at }) => at });
  return { ...page, items: page.items.map(({ item }) => item) };
}

import type { FastifyBaseLogger, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { isJsonObject, type JsonObject } from "../../model/index.ts";
import { REPLICA_HEADER, type Replica } from "../../replicas/index.ts";
import { joinPages, type Page, type Paging } from "../../report/index.ts";
import type { ReplicaFleet } from "./fleet.ts";
import { pathOf } from "./forward.ts";

interface Parts<T> {
  /** A page each of the replicas that have answered. */
  readonly answered: readonly Page<T>[];
  /** Those that have not. */
  readonly away: readonly Replica[];
}

/** The same list of all other replicas; `asked` is false where another replica asks, who asks all others itself. */
export async function askEverywhere<T>(
  request: FastifyRequest,
  { fleet, isItem }: { readonly fleet: ReplicaFleet | undefined; readonly isItem: (item: unknown) => item is T },
): Promise<Parts<T> & { readonly asked: boolean }> {
  if (fleet === undefined || (await fleet.peers.knows(request.headers[REPLICA_HEADER])))
    return { answered: [], away: [], asked: false };
  return { ...(await askOthers(request, { path: pathOf(request), fleet, isItem })), asked: true };
}

/** A list of all other replicas, each of which judges by itself what the caller may see. Whose page is none of this form has not answered. */
export async function askOthers<T>(request: FastifyRequest, asking: Omit<Asking<T>, "headers">): Promise<Parts<T>> {
  const { authorization } = request.headers;
  const headers = authorization === undefined ? {} : { authorization };
  const others = asking.fleet.others();
  const told = await Promise.all(others.map((other) => pageOf(other, { ...asking, headers }, request.log)));
  for (const one of told) asking.fleet.counted(one === undefined ? "away" : "answered");
  const away = others.filter((_, i) => told[i] === undefined);
  return { answered: told.flatMap((one) => one ?? []), away };
}

interface Asking<T> {
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly fleet: ReplicaFleet;
  readonly isItem: (item: unknown) => item is T;
}

async function pageOf<T>(
  other: Replica,
  { path, headers, fleet, isItem }: Asking<T>,
  log: FastifyBaseLogger,
): Promise<Page<T> | undefined> {
  try {
    const { status, value } = await fleet.peers.send(other, { method: "GET", path, headers });
    const page = status === 200 ? pageIn(value, isItem) : undefined;
    if (page === undefined) log.warn({ replica: other.id, status }, "another replica answers with no list");
    return page;
  } catch (err) {
    log.warn({ replica: other.id, err }, "another replica does not answer");
    return undefined;
  }
}

function pageIn<T>({ items, total, next }: JsonObject, isItem: (item: unknown) => item is T): Page<T> | undefined {
  if (!isListOf(items, isItem)) return undefined;
  return {
    items,
    total: typeof total === "number" ? total : items.length,
    ...(typeof next === "string" ? { next } : {}),
  };
}

function isListOf<T>(items: unknown, isItem: (item: unknown) => item is T): items is readonly T[] {
  return Array.isArray(items) && items.every((item) => isJsonObject(item) && isItem(item));
}

/** Whether something has the form of a schema, which is compiled when that is asked first. */
export function checked<T>(schema: TSchema): (item: unknown) => item is T {
  let compiled: { Check(item: unknown): boolean } | undefined;
  return (item): item is T => {
    compiled ??= Compile(schema);
    return compiled.Check(item);
  };
}

interface Joining<T> {
  readonly fleet: ReplicaFleet | undefined;
  readonly own: () => Page<T>;
  readonly isItem: (item: unknown) => item is T;
  readonly paging: Paging;
  readonly order: Parameters<typeof joinPages<T>>[2];
}

/** One page out of what this replica has and the others have; says what is missing. */
export async function joinedPage<T>(
  request: FastifyRequest,
  { fleet, own, isItem, paging, order }: Joining<T>,
): Promise<Page<T> & { readonly incomplete?: string }> {
  const { asked, answered, away } = await askEverywhere(request, { fleet, isItem });
  return asked ? { ...joinPages([own(), ...answered], paging, order), ...lacking(away) } : own();
}

export function lacking(away: readonly Replica[]): { readonly incomplete?: string } {
  if (away.length === 0) return {};
  const ids = away.map(({ id }) => id).toSorted();
  const [noun, verb] = ids.length === 1 ? ["replica", "does"] : ["replicas", "do"];
  return { incomplete: `without what ${noun} ${ids.join(", ")} would tell, which ${verb} not answer` };
}

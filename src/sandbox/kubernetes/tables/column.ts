import type { Json, JsonObject } from "../../../model/index.ts";
import { age, at, count, text } from "./read.ts";

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  /** Above 0: only with -o wide. */
  readonly priority?: number;
  readonly cell: (object: JsonObject, now: Date) => Json;
}

export type Cell = Column["cell"];

export const NAME: Column = {
  name: "Name",
  type: "string",
  format: "name",
  cell: (object) => text(object, "metadata.name", ""),
};

/** "Name" or "Name|wide"; a type other than string after a colon. */
export function column(head: string, cell: Cell): Column {
  const [, name = "", type = "string", wide] = /^([^:|]+)(?::(\w+))?(\|wide)?$/.exec(head) ?? [];
  return { name, type, cell, ...(wide === undefined ? {} : { priority: 1 }) };
}

export const AGE = column("Age", (object, now) => age(at(object, "metadata.creationTimestamp"), now));
export const shows = (head: string, path: string, absent?: string): Column =>
  column(head, (object) => text(object, path, absent));
export const counts = (head: string, path: string): Column => column(head, (object) => count(object, path));

import type { KubeObject, LiveObject } from "../../../model/index.ts";
import { noteUpdate } from "../fields/index.ts";
import type { Writer } from "../types.ts";
import type { Target } from "./machine.ts";

interface Ownership {
  readonly target: Target;
  readonly before: LiveObject | undefined;
  readonly after: KubeObject;
  readonly writer: Writer;
}

/** The object with what an update by this writer owns. */
export function ownedAfter({ target, before, after, writer }: Ownership): KubeObject {
  const { resource, subresource } = target;
  return noteUpdate({ before, after, schema: resource.schema(), writer, resets: resetsOf(target, after, subresource) });
}

/** A write of the whole cannot change the status of a kind that has /status; a write of the status changes nothing else. */
export function resetsOf({ resource }: Target, object: KubeObject, subresource: string | undefined): readonly string[] {
  if (subresource === "status") return Object.keys(object).filter((field) => field !== "status");
  return resource.status ? ["status"] : [];
}

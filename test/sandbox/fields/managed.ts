import type { JsonObject, KubeObject, LiveObject, ManagedFieldsEntry, SchemaNode } from "../../../src/model/index.ts";
import { applyFields, noteUpdate } from "../../../src/sandbox/kubernetes/fields/index.ts";

/** An object in the hands of several writers, each a second after the one before. */
export class Managed {
  readonly #schema: SchemaNode;
  #second = 0;
  live: LiveObject | undefined;

  constructor(schema: SchemaNode) {
    this.#schema = schema;
  }

  apply(manager: string, manifest: KubeObject, { force = false, subresource = "" } = {}): KubeObject {
    const writer = { ...this.#writer(manager, subresource), operation: "Apply" as const };
    const resets = resetsOf(subresource, manifest);
    return this.#keep(applyFields({ live: this.live, manifest, schema: this.#schema, writer, force, resets }));
  }

  /** The whole object as it is to be; its managedFields stay unless it brings some along. */
  update(manager: string, object: KubeObject, subresource = ""): KubeObject {
    const writer = { ...this.#writer(manager, subresource), operation: "Update" as const };
    const resets = resetsOf(subresource, object);
    return this.#keep(noteUpdate({ before: this.live, after: object, schema: this.#schema, writer, resets }));
  }

  /** fieldsV1 by writer: `ann` for who applied, `ann Update`, `ann Update /scale`. */
  owners(): { readonly [who: string]: JsonObject | undefined } {
    return Object.fromEntries(this.entries().map((entry) => [nameOf(entry), entry.fieldsV1]));
  }

  times(): { readonly [who: string]: string | undefined } {
    return Object.fromEntries(this.entries().map((entry) => [nameOf(entry), entry.time]));
  }

  entries(): readonly ManagedFieldsEntry[] {
    return this.live?.metadata.managedFields ?? [];
  }

  #writer(manager: string, subresource: string) {
    this.#second++;
    return { manager, time: secondsIn(this.#second), ...(subresource === "" ? {} : { subresource }) };
  }

  #keep(object: KubeObject): KubeObject {
    this.live = { ...object, metadata: { ...object.metadata, uid: "1", resourceVersion: "1" } };
    return object;
  }
}

export function secondsIn(count: number): string {
  return new Date(Date.UTC(2026, 0, 1) + count * 1000).toISOString().replace(".000", "");
}

function nameOf({ manager = "", operation, subresource }: ManagedFieldsEntry): string {
  return [manager, ...(operation === "Apply" ? [] : [operation]), ...(subresource ? [`/${subresource}`] : [])].join(
    " ",
  );
}

function resetsOf(subresource: string, object: KubeObject): readonly string[] {
  return subresource === "status" ? Object.keys(object).filter((field) => field !== "status") : ["status"];
}

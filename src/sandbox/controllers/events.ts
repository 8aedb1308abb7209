import { sha256 } from "../../kit/hash.ts";
import type { LiveObject } from "../../model/index.ts";
import type { ObjectAccess } from "../kubernetes/types.ts";
import { core, type Told } from "./controller.ts";
import { numberOf, stampOf } from "./fields.ts";

const MOST = 500;

/** Writes what happened as Events. The same thing again within the kept ones is a higher count, and only the newest are kept. */
export class EventWriter {
  readonly #objects: ObjectAccess;
  readonly #now: () => number;
  /** Names of the Events written, oldest first, with their namespaces. */
  readonly #written = new Map<string, string>();

  constructor(objects: ObjectAccess, now: () => number) {
    this.#objects = objects;
    this.#now = now;
  }

  tell(about: LiveObject, { type = "Normal", reason, message, by }: Told): void {
    const { namespace = "default", name, uid, resourceVersion } = about.metadata;
    const event = `${name}.${sha256([uid, reason, message].join("\n")).slice(0, 16)}`;
    const time = stampOf({ now: this.#now });
    const before = this.#objects.get(core("Event"), event, namespace);
    if (before !== undefined) {
      // A state that lasts is told once a minute at most: at rest nothing is written.
      if (type === "Warning" && this.#isRecent(before)) return;
      if (before["lastTimestamp"] === time) return;
      this.#objects.update(
        { ...before, count: numberOf(before, "count", 1) + 1, lastTimestamp: time },
        { manager: by },
      );
      return;
    }
    this.#objects.create(
      {
        apiVersion: "v1",
        kind: "Event",
        metadata: { name: event, namespace },
        involvedObject: { apiVersion: about.apiVersion, kind: about.kind, namespace, name, uid, resourceVersion },
        type,
        reason,
        message,
        source: { component: by },
        firstTimestamp: time,
        lastTimestamp: time,
        count: 1,
        reportingComponent: by,
        reportingInstance: "",
      },
      by,
    );
    this.#written.set(event, namespace);
    this.#forgetOldest();
  }

  #isRecent(event: LiveObject): boolean {
    return this.#now() - Date.parse(String(event["lastTimestamp"])) < 60_000;
  }

  #forgetOldest(): void {
    const [oldest] = this.#written;
    if (this.#written.size <= MOST || oldest === undefined) return;
    const [name, namespace] = oldest;
    this.#written.delete(name);
    const event = this.#objects.get(core("Event"), name, namespace);
    if (event !== undefined) this.#objects.remove(event);
  }
}

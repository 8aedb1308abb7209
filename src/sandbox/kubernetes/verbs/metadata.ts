import { randomUUID } from "node:crypto";
import type { KubeObject, LiveObject, ObjectMeta } from "../../../model/index.ts";
import { type Machine, timestamp } from "./machine.ts";

/** What only the server sets, whatever a client sends. */
const SERVER_SET = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "resourceVersion",
  "selfLink",
  "uid",
] as const satisfies readonly (keyof ObjectMeta)[];

type ServerSet = (typeof SERVER_SET)[number];

/** The metadata of an object that is about to be created. */
export function freshMetadata(machine: Pick<Machine, "now">, sent: ObjectMeta): ObjectMeta & { readonly uid: string } {
  const { generation } = sent;
  // Kinds that do not count their generations take what they are given.
  const given = generation === undefined ? {} : { generation };
  return { ...withoutServerSet(sent), ...given, uid: randomUUID(), creationTimestamp: timestamp(machine) };
}

/** What only the server sets stays as it was. */
export function keptMetadata(sent: ObjectMeta, before: LiveObject["metadata"]): LiveObject["metadata"] {
  const { uid, resourceVersion } = before;
  const kept = Object.fromEntries(
    SERVER_SET.flatMap((name) => (before[name] === undefined ? [] : [[name, before[name]]])),
  );
  return { ...withoutServerSet(sent), ...kept, uid, resourceVersion };
}

function withoutServerSet(metadata: ObjectMeta): Omit<ObjectMeta, ServerSet> {
  const { creationTimestamp: _1, deletionGracePeriodSeconds: _2, deletionTimestamp: _3, ...some } = metadata;
  const { generation: _4, resourceVersion: _5, selfLink: _6, uid: _7, ...rest } = some;
  return rest;
}

const SUFFIX = "bcdfghjklmnpqrstvwxz2456789";
/** As many characters of generateName as leave place for the rest. */
const LONGEST_PREFIX = 248;

/** generateName becomes a name with five more characters, none of them a vowel: no words come out by chance. */
export function named(object: KubeObject): KubeObject {
  const { name, generateName } = object.metadata;
  if ((name ?? "") !== "" || (generateName ?? "") === "") return object;
  const suffix = Array.from(crypto.getRandomValues(new Uint8Array(5)), (byte) => SUFFIX[byte % SUFFIX.length]).join("");
  return { ...object, metadata: { ...object.metadata, name: (generateName ?? "").slice(0, LONGEST_PREFIX) + suffix } };
}

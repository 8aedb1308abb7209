import { type Health, isJsonObject, type JsonObject, type LiveObject } from "../model/index.ts";
import {
  BEHIND,
  type Condition,
  conditionsOf,
  degraded,
  healthy,
  isStale,
  listIn,
  partOf,
  progressing,
  textIn,
  toCondition,
  words,
} from "./read.ts";

/** Reasons for which a condition is False only until its controller gets to it. Source: Gateway API, condition reasons. */
const COMING = new Set(["Pending", "Waiting", "NotReconciled", "Scheduled"]);
/** What is wrong for good when it is False; what merely is not there yet. */
const MUST = ["Accepted", "ResolvedRefs"];
const WILL = ["Programmed", "Ready"];
/** What is wrong when it is True. */
const MUST_NOT = ["Conflicted", "PartiallyInvalid"];

/** Accepted, or not: a class has nothing else to say. */
export function gatewayClassHealth(live: LiveObject): Health {
  return verdictOf(live, conditionsOf(live), "") ?? settled(live, conditionsOf(live), "accepted by its controller");
}

/** A Gateway, and the sets of listeners that join one: itself, then its listeners, each by name. */
export function gatewayHealth(live: LiveObject): Health {
  const own = conditionsOf(live);
  const listeners = listIn(partOf(live, "status"), "listeners");
  const verdicts = [
    verdictOf(live, own, ""),
    ...listeners.map((one) => verdictOf(live, conditionsIn(one), `listener ${textIn(one, "name") ?? "?"}: `)),
  ];
  return (
    worst(verdicts) ?? settled(live, [...own, ...listeners.flatMap(conditionsIn)], `${listeners.length} listeners`)
  );
}

/** A route is what its parents make of it. One that nobody has answered waits. */
export function routeHealth(live: LiveObject): Health {
  return byAnswers(live, "parents", "parentRef");
}

/** A policy, and what its ancestors make of it. */
export function policyHealth(live: LiveObject): Health {
  return byAnswers(live, "ancestors", "ancestorRef");
}

function byAnswers(live: LiveObject, list: string, reference: string): Health {
  const answers = listIn(partOf(live, "status"), list).filter((one) => conditionsIn(one).length > 0);
  if (answers.length === 0) return progressing("no gateway has answered yet");
  const verdicts = answers.map((one) => verdictOf(live, conditionsIn(one), `${nameOf(one, reference)}: `));
  return worst(verdicts) ?? healthy(`accepted by ${answers.map((one) => nameOf(one, reference)).join(", ")}`);
}

function nameOf(answer: JsonObject, reference: string): string {
  const to = partOf(answer, reference);
  return `${textIn(to, "kind") ?? "Gateway"} ${textIn(to, "name") ?? "?"}`;
}

function conditionsIn(part: JsonObject): Condition[] {
  return listIn(part, "conditions").filter(isJsonObject).map(toCondition);
}

/** What speaks against it; undefined where nothing does. */
function verdictOf(live: LiveObject, conditions: readonly Condition[], who: string): Health | undefined {
  if (conditions.some((one) => isStale(one, live))) return BEHIND;
  const isFalse = ({ type, status }: Condition, types: readonly string[]) => types.includes(type) && status === "False";
  const broken = conditions.find(
    (one) =>
      (isFalse(one, MUST) && !COMING.has(one.reason ?? "")) ||
      (isFalse(one, WILL) && one.reason === "Invalid") ||
      (MUST_NOT.includes(one.type) && one.status === "True"),
  );
  if (broken !== undefined) return degraded(who + words(broken));
  const coming = conditions.find((one) => [...MUST, ...WILL].includes(one.type) && one.status !== "True");
  return coming === undefined ? undefined : progressing(who + words(coming));
}

function settled(live: LiveObject, conditions: readonly Condition[], message: string): Health {
  const told = conditions.some(({ type, status }) => [...MUST, ...WILL].includes(type) && status === "True");
  return told && !conditions.some((one) => isStale(one, live))
    ? healthy(message)
    : progressing("no controller has answered yet");
}

function worst(verdicts: readonly (Health | undefined)[]): Health | undefined {
  const against = verdicts.filter((one) => one !== undefined);
  return against.find(({ status }) => status === "Degraded") ?? against[0];
}

import { OutOfTime, timeBoxed } from "../../kit/time-box.ts";
import type { Health, KubeObject, LiveObject } from "../../model/index.ts";
import { unknown } from "../read.ts";
import { type CelValue, celValueOf, Steps } from "./cel-value.ts";
import type { CompiledRule } from "./compiled-rule.ts";
import { type Expression, isMissing, sentenceOf } from "./expression.ts";

/** List items that all expressions of a rule may read of one object. */
const MOST_STEPS = 20_000;
/** For what no count of steps sees (regular expressions, texts that grow): far above what any rule within its steps needs. */
const TIMEOUT_MS = 300;
/** An object whose rule ran out of time is tried so often: once the machine may have been at fault. */
const TRIES = 2;
/** So many objects run out of time before their rule rests, until it is written anew. */
const MOST_TIMEOUTS = 10;
const LONGEST_MESSAGE = 1024;

interface Judged {
  readonly health: Health;
  readonly timeouts: number;
}

/** The verdict of one rule. It is kept with the object, which never changes: a new version is another object. */
export function evaluateRule(
  rule: CompiledRule,
  mask: (object: KubeObject) => KubeObject,
): (live: LiveObject) => Health {
  const known = new WeakMap<LiveObject, Judged>();
  let timeouts = 0;
  return (live) => {
    const last = known.get(live);
    if (last !== undefined && (last.timeouts === 0 || last.timeouts >= TRIES)) return last.health;
    if (timeouts >= MOST_TIMEOUTS) return unknown(`${rule.where} rests: it took too long for ${timeouts} objects`);
    const judged = judgeOne(rule, mask(live), last?.timeouts ?? 0);
    if (judged.timeouts > 0) timeouts++;
    known.set(live, judged);
    return judged.health;
  };
}

function judgeOne(rule: CompiledRule, object: KubeObject, timeouts: number): Judged {
  const [problem] = rule.problems;
  if (problem !== undefined)
    return { health: unknown(`${problem.where ?? rule.where}: ${problem.message}`), timeouts: 0 };
  try {
    return { health: timeBoxed(() => decide(rule, object), TIMEOUT_MS), timeouts: 0 };
  } catch (error) {
    const late = error instanceof OutOfTime;
    return { health: unknown(`${rule.where}: ${sentenceOf(error)}`), timeouts: late ? timeouts + 1 : 0 };
  }
}

function decide({ where, verdicts, message }: CompiledRule, object: KubeObject): Health {
  const steps = new Steps(MOST_STEPS);
  const value = celValueOf(object, steps);
  const evaluate = (expression: Expression): unknown => {
    const answer = valueOrMissing(expression, value);
    steps.check();
    return answer;
  };
  const found = verdicts.find(({ holds, name }) => isTrue(evaluate(holds), `${where}.${name}`));
  const said = message === undefined ? undefined : evaluate(message);
  const own = found === undefined ? `no expression of ${where} holds` : `by ${where}.${found.name}`;
  const sentence = typeof said === "string" && said !== "" ? said.slice(0, LONGEST_MESSAGE) : own;
  return { status: found?.status ?? "Progressing", message: sentence };
}

function valueOrMissing(expression: Expression, object: CelValue): unknown {
  try {
    return expression.evaluate(object);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isTrue(answer: unknown, where: string): boolean {
  if (answer === undefined || answer === null) return false;
  if (typeof answer !== "boolean") throw new TypeError(`${where} gives no bool`);
  return answer;
}

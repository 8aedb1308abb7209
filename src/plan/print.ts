import { printApplied } from "../diff/index.ts";
import {
  type Action,
  formatOrigin,
  formatRef,
  type GoingObject,
  type HookPhase,
  hooksToRun,
  type Plan,
  type PlanStep,
} from "../model/index.ts";
import { graphOf } from "./graph.ts";
import { pictureOf } from "./picture.ts";
import { SIGN } from "./sign.ts";

/** How many objects and hooks each action has; those with a problem count as failing and under no action, hooks that only a failure would run not at all. */
export function summarise(plan: Plan): { readonly [action in Action | "failing"]: number } {
  const counts = {
    ...{ create: 0, update: 0, adopt: 0, replace: 0, prune: plan.prunes.length },
    ...{ release: plan.releases?.length ?? 0, run: hooksToRun(plan).length, none: 0 },
    failing: (plan.hooks ?? []).filter(({ problem }) => problem !== undefined).length,
  };
  for (const { action } of plan.namespaces ?? []) counts[action]++;
  for (const { action, problem } of plan.steps) counts[problem === undefined ? action : "failing"]++;
  return counts;
}

/** The plan as people read it: a heading a stage or a phase of hooks, a line an object, a line a field; what is held back comes last. */
export function printPlan(plan: Plan): string {
  const lines: string[] = [...namespaceLines(plan), ...hookLines(plan, ["PreDelete", "PreSync", "Sync"])];
  let heading = "";
  for (const step of plan.steps) {
    if (step.action === "none" && step.problem === undefined) continue;
    const own = step.wave === 0 ? step.stage : `${step.stage}, wave ${step.wave}`;
    if (own !== heading) lines.push(own);
    heading = own;
    lines.push(...stepLines(step));
  }
  if (plan.prunes.length > 0) lines.push("prune", ...plan.prunes.flatMap(stepLines));
  lines.push(...hookLines(plan, ["PostSync", "PostDelete"]));
  if (!doesNothing(plan)) lines.push(...hookLines(plan, ["SyncFail"]));
  const left = plan.steps.filter(({ apply, action }) => apply !== undefined && action === "none");
  if (left.length > 0) lines.push("left as they are", ...left.map(leftLine));
  lines.push(...goingLines(plan), ...withheldLines(plan));
  lines.push(summaryLine(plan));
  return lines.join("\n");
}

/** The order of the plan as a picture: who waits for whom. Nothing but the sum where nothing is to be done. */
export function drawPlan(plan: Plan): string {
  if (doesNothing(plan)) return summaryLine(plan);
  return [...namespaceLines(plan), pictureOf(graphOf(plan), { unchanged: "counted" }), summaryLine(plan)].join("\n");
}

function doesNothing(plan: Plan): boolean {
  const { none: _none, ...counts } = summarise(plan);
  return Object.values(counts).every((count) => count === 0);
}

/** Of these phases: a heading a phase and weight, a line a hook that is run or cannot be. */
function hookLines({ hooks = [] }: Plan, phases: readonly HookPhase[]): string[] {
  const lines: string[] = [];
  let heading = "";
  for (const step of hooks) {
    const { hook, action, problem, wave } = step;
    if (hook === undefined || !phases.includes(hook.phase) || (action !== "run" && problem === undefined)) continue;
    const weight = wave === 0 ? "" : `, ${hook.form === "helm" ? "weight" : "wave"} ${wave}`;
    const own = `${hook.phase} hooks${weight}`;
    if (own !== heading) lines.push(own);
    heading = own;
    lines.push(...stepLines(step));
  }
  return lines;
}

function namespaceLines({ namespaces = [] }: Plan): string[] {
  const lines = namespaces.map(({ name, action, reason }) => [
    action,
    `  ${SIGN[action]} Namespace ${name}  ${reason}`,
  ]);
  const written = lines.filter(([action]) => action !== "none").map(([, line = ""]) => line);
  return written.length === 0 ? [] : ["destination", ...written];
}

function leftLine({ ref, reason }: PlanStep): string {
  return `    ${formatRef(ref)}  ${reason}`;
}

function goingLines({ going = [] }: Plan): string[] {
  if (going.length === 0) return [];
  return ["on the way out", ...going.map((one) => `  - ${goingSentence(one)}`)];
}

/** A time and no duration: a sentence that changes by itself would be news at every look. */
export function goingSentence({ ref, since, waits }: GoingObject): string {
  return `${formatRef(ref)} is to go since ${since}, and waits for ${waits}`;
}

/** Each sentence once, and behind them the commands that lift what may be lifted. */
function withheldLines({ withheld }: Plan): string[] {
  if (withheld.length === 0) return [];
  const lifts = liftsOf(withheld).map((lift) => `      once, all the same: ${lift}`);
  return ["held back", ...reasonsOf(withheld).map((reason) => `  ! ${reason}`), ...lifts];
}

const reasonsOf = (withheld: Plan["withheld"]) => [...new Set(withheld.map(({ reason }) => reason))];
const liftsOf = (withheld: Plan["withheld"]) => [...new Set(withheld.flatMap(({ lift }) => lift ?? []))];

/** What holds deletions back, each sentence once; the command that lifts one stands behind it. */
export function withheldSentences({ withheld }: Pick<Plan, "withheld">): readonly string[] {
  return reasonsOf(withheld).map((said) => {
    const [lift] = liftsOf(withheld.filter(({ reason }) => reason === said));
    return lift === undefined ? said : `${said}; once, all the same: ${lift}`;
  });
}

function stepLines(step: PlanStep): string[] {
  if (step.problem !== undefined) {
    const place = step.origin === undefined ? "" : `${formatOrigin(step.origin)}  `;
    return [
      `  x ${formatRef(step.ref)}  ${step.problem.code}`,
      `      ${place}${step.problem.message}`,
      `      next: ${step.problem.next}`,
    ];
  }
  const fields = step.changes.filter(
    ({ path, class: kind, policy }) => path !== "" && (kind !== "foreign" || policy === "prune"),
  );
  return [
    `  ${SIGN[step.action]} ${formatRef(step.ref)}  ${step.reason}`,
    ...fields.map((change) => `      ${printApplied(change)}`),
  ];
}

function summaryLine(plan: Plan): string {
  const { create, update, adopt, replace, prune, run, none, failing } = summarise(plan);
  const parts = [
    [create, "to create"],
    [update, "to update"],
    [adopt, "to adopt"],
    [replace, "to replace"],
    [prune, "to prune"],
    [run, run === 1 ? "hook to run" : "hooks to run"],
    [plan.withheld.length, "held back"],
    [failing, "failing"],
    [none, "unchanged"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return said.length === 0 ? "nothing to do" : said.join(", ");
}

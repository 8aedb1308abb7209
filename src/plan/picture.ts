import { formatRef, type PlanStep } from "../model/index.ts";
import type { Edge, Graph, GraphNode } from "./graph.ts";
import { SIGN } from "./sign.ts";

interface Drawing extends Graph {
  readonly plain: ReadonlySet<string>;
}

/**
 * The graph as people read it, every word of it out of its edges: a heading a wave of a phase and a line a stage, each with what it waits for, and
 * a line an object with what it waits for beside that. What others have is named where it is waited for. What stays as it is can be counted instead.
 */
export function pictureOf(drawn: Graph, { unchanged = "drawn" }: { unchanged?: "drawn" | "counted" } = {}): string {
  const graph: Drawing = { ...drawn, plain: plainPhases(drawn) };
  const lines: string[] = [];
  let slot = "";
  let stage = "";
  let same = 0;
  const count = (): void => {
    if (same > 0) lines.push(`      ${same} unchanged`);
    same = 0;
  };
  for (const node of graph.nodes) {
    const { step } = node;
    if (step === undefined) continue;
    const own = slotName(graph, node);
    const [gate] = gatesOf(graph, node);
    if (own !== slot || node.stage !== stage) count();
    if (own !== slot) lines.push(own + waits(graph, gate));
    if (own !== slot || node.stage !== stage)
      lines.push(`  ${node.stage ?? ""}${waits(graph, own === slot ? gate : undefined)}`);
    slot = own;
    stage = node.stage ?? "";
    if (unchanged === "counted" && step.action === "none" && step.problem === undefined) same++;
    else lines.push(`    ${lineOf(graph, node, step)}`);
  }
  count();
  return lines.join("\n");
}

/** Phases of a single wave, 0: their name says all. Found once, since every line asks. */
function plainPhases({ nodes }: Graph): ReadonlySet<string> {
  const steps = nodes.filter(({ step }) => step !== undefined);
  const waved = new Set(steps.filter(({ wave }) => wave !== 0).map(({ phase }) => phase));
  return new Set(steps.map(({ phase }) => phase).filter((phase) => !waved.has(phase)));
}

function slotName({ plain }: Drawing, { phase, wave }: Pick<GraphNode, "phase" | "wave">): string {
  return plain.has(phase) ? phase : `${phase} wave ${wave}`;
}

function gatesOf({ nodes }: Graph, { after }: GraphNode): GraphNode[] {
  return after.flatMap(({ node }) => nodes[node] ?? []).filter(({ kind }) => kind === "gate" || kind === "failure");
}

function waits(graph: Drawing, gate: GraphNode | undefined): string {
  if (gate === undefined) return "";
  if (gate.after.some(({ node }) => graph.nodes[node]?.kind === "failure")) return ", when something failed";
  const said = gate.after.map((edge) => sentence(graph, edge, gate)).filter((one) => one !== undefined);
  return `, when ${[...new Set(said)].join(" and ")}`;
}

function sentence(graph: Drawing, { node, until }: Edge, gate: GraphNode): string | undefined {
  const waited = graph.nodes[node];
  if (waited === undefined || waited.kind === "gate") return undefined;
  const same = waited.phase === gate.phase && waited.wave === gate.wave;
  const name = same && waited.stage !== undefined ? waited.stage : slotName(graph, waited);
  if (waited.kind === "end") return waited.phase === "Sync" ? "its hooks have ended" : undefined;
  if (until === "through" && waited.kind === "hook" && waited.phase !== "Sync") return `${name} has ended`;
  return `${name} ${STATES[until === "accepted" ? "accepted" : waited.kind === "prune" ? "gone" : "healthy"]}`;
}

const STATES = { accepted: "is accepted", gone: "is gone", healthy: "is healthy" } as const;

function lineOf(graph: Drawing, { after }: GraphNode, step: PlanStep): string {
  const own = after.flatMap(({ node, until }) => {
    const waited = graph.nodes[node];
    if (waited?.ref === undefined) return [];
    const state = until === "accepted" ? "accepted" : waited.kind === "prune" ? "gone" : "healthy";
    return [`${formatRef(waited.ref)} ${waited.kind === "hook" && until === "through" ? "has ended" : STATES[state]}`];
  });
  const sign = step.problem === undefined ? SIGN[step.action] : "x";
  return `${sign} ${formatRef(step.ref)}${own.length === 0 ? "" : `  when ${own.join(" and ")}`}`;
}

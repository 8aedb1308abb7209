import { hooksToRun, type Plan } from "../model/index.ts";
import { type Graph, type GraphNode, graphOf } from "./graph.ts";

/** Would executing the steps of a plan send anything: behind what has a problem nothing is sent. */
export function sendsAnything(plan: Plan): boolean {
  const { steps, hooks = [], prunes } = plan;
  const sound = [...steps, ...hooks].every(({ problem }) => problem === undefined);
  if (sound) return prunes.length > 0 || hooksToRun(plan).length > 0 || steps.some(({ action }) => action !== "none");
  const graph = graphOf(plan);
  const lost = lostIn(graph);
  return graph.nodes.some((node) => !lost.has(node.id) && sends(node));
}

function sends({ step, phase }: GraphNode): boolean {
  return step !== undefined && step.problem === undefined && step.action !== "none" && phase !== "SyncFail";
}

/** What has a problem, and all that waits for it in the end. */
function lostIn({ nodes }: Graph): ReadonlySet<number> {
  const next = nodes.map((): number[] => []);
  for (const { id, after } of nodes) for (const { node, until } of after) if (until !== "settled") next[node]?.push(id);
  const lost = new Set<number>();
  const found = nodes.filter(({ step }) => step?.problem !== undefined).map(({ id }) => id);
  for (let id = found.pop(); id !== undefined; id = found.pop()) {
    if (lost.has(id)) continue;
    lost.add(id);
    for (const after of next[id] ?? []) found.push(after);
  }
  return lost;
}

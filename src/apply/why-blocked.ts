import { formatRef, type Ref } from "../model/index.ts";
import type { Edge, Graph, GraphNode } from "../plan/index.ts";
import type { NodeState } from "./progress.ts";

/** What is known of a node that others wait for: "1/3 replicas available", and since when (milliseconds since the epoch). */
export interface Verdict {
  readonly message: string;
  readonly since: number;
  /** Of who waits for another one: for which. */
  readonly on?: Ref;
  /** Its write has not gone through yet, though others need not wait for that. */
  readonly unsent?: boolean;
}

export interface BlockedView {
  readonly stateOf: (id: number) => NodeState;
  readonly isMet: (edge: Edge) => boolean;
  /** Of nodes under way or waiting; undefined where there is nothing to say yet. */
  readonly verdictOf: (id: number) => Verdict | undefined;
}

/** The node that is waited for in the end, how many others beside it, and who waits for it in the name of the asker: a gate, or the asker itself. */
interface Blame {
  readonly node: GraphNode;
  readonly others: number;
  readonly by: GraphNode;
}

/**
 * Why a node has not begun, or is not through: undefined where nothing is to be waited for that is known by now. Pure.
 * "waits for Deployment shop/db: 1/3 replicas available", "wave 1 waits for Deployment shop/db and 2 more: ..."
 */
export function whyBlocked(graph: Graph, id: number, view: BlockedView): Verdict | undefined {
  const node = graph.nodes[id];
  if (node === undefined) return undefined;
  if (view.stateOf(id) === "waiting") {
    const own = view.verdictOf(id);
    const end = node.kind === "hook" ? "done" : own?.unsent === true ? "written" : "healthy";
    return own && { message: `waits to be ${end}: ${own.message}`, since: own.since };
  }
  const blame = view.stateOf(id) === "blocked" ? blameOf(graph, node, view) : undefined;
  const verdict = blame && view.verdictOf(blame.node.id);
  if (blame === undefined || verdict === undefined) return undefined;
  const more = blame.others === 0 ? "" : ` and ${blame.others} more`;
  const message = `${waiterName(blame.by)}waits for ${nameOf(blame.node)}${more}: ${verdict.message}`;
  return { message, since: verdict.since, ...(blame.node.ref === undefined ? {} : { on: blame.node.ref }) };
}

/** Behind gates, what they wait for. Of several the first that something is known of: it was begun the longest ago. */
function blameOf(graph: Graph, from: GraphNode, view: BlockedView): Blame | undefined {
  let by = from;
  for (let node: GraphNode | undefined = from; node !== undefined; ) {
    const open: GraphNode[] = node.after
      .filter((edge) => !view.isMet(edge))
      .flatMap(({ node: id }) => graph.nodes[id] ?? []);
    const known = open.find(({ id }) => view.verdictOf(id) !== undefined);
    if (node.kind === "gate") by = node;
    if (known !== undefined) return { node: known, others: open.length - 1, by };
    node = open.find(({ kind }) => kind === "gate" || kind === "end") ?? open[0];
  }
  return undefined;
}

function waiterName({ kind, phase, wave, stage }: GraphNode): string {
  if (kind !== "gate") return "";
  if (phase === "Prune") return "the deletion ";
  if (stage !== undefined) return `stage ${stage} `;
  if (phase === "Sync") return `wave ${wave} `;
  return wave === 0 ? `${phase} ` : `${phase}, wave ${wave}, `;
}

function nameOf({ kind, ref, phase }: GraphNode): string {
  if (ref === undefined) return `the hooks of ${phase}`;
  return kind === "hook" ? `hook ${formatRef(ref)}` : formatRef(ref);
}

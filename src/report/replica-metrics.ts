import { Counter, Gauge, type Registry } from "prom-client";

/** What became of something that another replica was asked. remembered: it did not answer, and what it had told before was told again. */
export type PeerResult = "answered" | "away" | "remembered";

/** This process among the others, as it sees itself. */
export interface ReplicaFigures {
  /** With this one. */
  readonly alive: number;
  readonly isHeard: boolean;
  readonly lost: number;
  readonly handedOver: number;
}

/** Counted when somebody asks; gives what counts the questions to others. */
export function replicaMetrics(registry: Registry, figures: () => ReplicaFigures): (result: PeerResult) => void {
  const registers = [registry];
  // Registered before the others, so its `collect`, which asks once for all of them, runs before they are read.
  new Gauge({
    name: "plumbline_replicas",
    help: "Replicas that are alive, as this one sees them, with itself.",
    registers,
    collect() {
      const { alive, isHeard, ...totals } = figures();
      this.set(alive);
      heard.set(Number(isHeard));
      lost.reset();
      lost.inc(totals.lost);
      handedOver.reset();
      handedOver.inc(totals.handedOver);
    },
  });
  const heard = new Gauge({
    name: "plumbline_replica_heard",
    help: "1 while the others hear of this replica, so that it works on its share; 0 while it works on nothing.",
    registers,
  });
  const lost = new Counter({
    name: "plumbline_replica_tenures_lost_total",
    help: "How often the others did not hear of this replica for too long.",
    registers,
  });
  const handedOver = new Counter({
    name: "plumbline_replica_handovers_total",
    help: "Applications that this replica worked on and gave up to another, being alive.",
    registers,
  });
  const requests = new Counter({
    name: "plumbline_replica_requests_total",
    help: "What other replicas were asked for callers of the API: answered, away, or remembered from an earlier answer.",
    labelNames: ["result"],
    registers,
  });
  return (result) => requests.inc({ result });
}

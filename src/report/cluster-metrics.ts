import { Gauge, type Registry } from "prom-client";
import type { ClusterStatus } from "../model/index.ts";

const STATES = ["Answers", "Away", "Idle", "Refused", "Unasked"] as const;

/** One series a cluster, counted when somebody asks. */
export function clusterMetrics(registry: Registry, statuses: () => readonly ClusterStatus[]): void {
  const registers = [registry];
  const gauge = (name: string, help: string, labels: readonly string[] = []) =>
    new Gauge({ name: `plumbline_cluster_${name}`, help, labelNames: ["cluster", ...labels], registers });
  // Registered before the others, so its `collect`, which asks once for all of them, runs before they are read.
  new Gauge({
    name: "plumbline_cluster_state",
    help: "1 for the state that a cluster is in (Answers, Away, Idle, Refused, Unasked), 0 for the others.",
    labelNames: ["cluster", "state"],
    registers,
    collect() {
      for (const one of [this, away, applications, watches]) one.reset();
      for (const { name: cluster, state: now, since, ...one } of statuses()) {
        for (const state of STATES) this.set({ cluster, state }, state === now ? 1 : 0);
        away.set({ cluster }, now === "Away" && since !== undefined ? (Date.now() - Date.parse(since)) / 1000 : 0);
        applications.set({ cluster }, one.applications);
        watches.set({ cluster }, one.watches);
      }
    },
  });
  const away = gauge("away_seconds", "For how long a cluster does not answer; 0 where it does.");
  const applications = gauge("applications", "Applications for a cluster.");
  const watches = gauge("watches", "Watches that are open on a cluster.");
}

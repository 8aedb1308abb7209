import { Gauge, type Registry } from "prom-client";

/** Who asks what, where several replicas share the repositories; counted when somebody looks. */
export function repositoryMetrics(
  registry: Registry,
  counts: () => { readonly own: number; readonly others: number },
): void {
  new Gauge({
    name: "plumbline_repositories",
    help: "Repositories of Git and charts that are followed, by who asks them: this replica, for all, or another one.",
    labelNames: ["asked_by"],
    registers: [registry],
    collect() {
      const { own, others } = counts();
      this.set({ asked_by: "this" }, own);
      this.set({ asked_by: "another" }, others);
    },
  });
}

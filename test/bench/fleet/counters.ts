import type { Plumbline } from "../../e2e/plumbline.ts";

/** Sums of one counter of /metrics by the value of one label. */
export type Counts = Readonly<Record<string, number>>;

export async function counted(plumbline: Plumbline, name: string, label: string): Promise<Counts> {
  const answer = await fetch(`${plumbline.address}/metrics`);
  const counts: Record<string, number> = {};
  for (const [, labels = "", value] of (await answer.text()).matchAll(new RegExp(`^${name}\\{(.*)\\} (\\S+)$`, "gm"))) {
    const key = new RegExp(`${label}="([^"]*)"`).exec(labels)?.[1] ?? "";
    counts[key] = (counts[key] ?? 0) + Number(value);
  }
  return counts;
}

export function kubeRequests(plumbline: Plumbline): Promise<Counts> {
  return counted(plumbline, "plumbline_kube_requests_total", "verb");
}

/** What came between two readings. */
export function grown(before: Counts, after: Counts): Counts {
  const all = Object.entries(after).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}

export function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

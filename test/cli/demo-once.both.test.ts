import { readdirSync } from "node:fs";
import { describe, expect, inject, test } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { pathWithGitOnly, runDemo } from "./running-demo.ts";

const STEPS = [
  /both applications become Synced and Healthy: blog and shop/,
  /clone, change a replica count, commit and push: commit [0-9a-f]{7}/,
  /the commit is applied: replicas 2 -> 3 in the cluster/,
  /scale a Deployment by hand: shop\/backend to 5 replicas, by ann/,
  /the drift is reported, with its author: spec\.replicas {2}2 -> 5, by ann/,
  /a sync heals it: shop\/backend has 2 replicas again, and nothing drifts/,
  /edit a ConfigMap of the other application by hand: WORDPRESS_DB_HOST of blog\/web, by ann/,
  /that one heals by itself: it is mysql again/,
  /a chart and a kustomization are rendered, and are Synced and Healthy: feedback, newsletter-production, newsletter-staging/,
];

function plays(): void {
  test("plays the walk, needs no program but git, and leaves nothing behind", async () => {
    const env = inject("target") === "cluster" ? {} : { PATH: pathWithGitOnly() };
    const { plumb, temporary } = runDemo({ args: ["--once"], env });
    const { code, stdout, stderr } = await plumb.ended;
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/PL-|WARN|ERROR/)]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toEqual(STEPS.map((step) => expect.stringMatching(step)));
    for (const line of lines) expect(line).toMatch(/^ *\d+\.\d s {2}.* \(\d+ ms\)$/);
    expect(readdirSync(temporary)).toEqual([]);
  });
}

if (inject("target") === "cluster") describeCluster("plumb demo --once", plays, { controllers: true });
else describe("plumb demo --once", plays);

import { expect, test } from "vitest";
import type { Difference } from "../../src/sync/index.ts";
import { change, deployment, resource, status } from "../report/statuses.ts";
import { runPlumb } from "./run-plumb.ts";
import { startServer } from "./server.ts";

const FIELDS = [change(), change({ path: "/spec/paused", pointer: "/spec/paused", class: "foreign", live: true })];
const WEB = resource(deployment("web"), FIELDS);
const side = (replicas: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web" },
  spec: { replicas },
});

function difference(name: string): Difference {
  return {
    resource: { ...WEB, ref: deployment(name) },
    sides: () => ({ before: side(5), after: side(2) }),
    patch: () => [{ op: "replace", path: "/spec/replicas", value: 2 }],
  };
}

async function diff(args: readonly string[], found: readonly Difference[] = [difference("web")]) {
  const { url, control } = await startServer([status("shop/web", { resources: [WEB] })]);
  control.found.set("shop/web", found);
  return await runPlumb(["diff", "shop/web", ...args, "--server", url]);
}

test("diff -o unified prints both sides as YAML, and -o patch what a sync would do", async () => {
  expect(await diff(["-o", "unified"])).toEqual({
    code: 1,
    stderr: "",
    stdout: [
      "--- live/Deployment.apps/shop/web",
      "+++ git/Deployment.apps/shop/web",
      ...["@@ -3,4 +3,4 @@", " metadata:", "   name: web", " spec:", "-  replicas: 5", "+  replicas: 2", ""],
    ].join("\n"),
  });
  const { code, stdout } = await diff(["-o", "patch"]);
  const { ref } = WEB;
  expect(JSON.parse(stdout)).toEqual({
    items: [{ ref, patch: [{ op: "replace", path: "/spec/replicas", value: 2 }] }],
  });
  expect(code).toBe(1);
});

test("every page of a diff with whole objects is read", async () => {
  const many = Array.from({ length: 250 }, (_, index) => difference(`web-${index}`));
  expect((await diff(["-o", "unified"], many)).stdout.match(/^--- /gm)).toHaveLength(250);
});

test("colours come when they are asked for, by either spelling, and into a pipe only then", async () => {
  expect((await diff([])).stdout).not.toContain("\u001b");
  expect((await diff(["--colour", "always"])).stdout).toContain("\u001b[31mdrift, by kubectl-edit\u001b[39m");
  expect((await diff(["--color=always"])).stdout).toContain("\u001b[31m");
  expect((await diff(["--color", "never"])).stdout).not.toContain("\u001b");
});

test("a format that diff does not have is a usage error that names those it has", async () => {
  const { code, stderr } = await diff(["-o", "html"]);
  expect([code, stderr]).toEqual([2, expect.stringContaining("text, wide, json, yaml, name, patch, unified")]);
});

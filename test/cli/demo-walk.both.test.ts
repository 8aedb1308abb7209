import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { expect, inject, test } from "vitest";
import { sharedControlPlaneWithControllers } from "../controlplane/index.ts";
import { describeTarget } from "../target/index.ts";
import { startedDemo, walkIn } from "./running-demo.ts";

/** As somebody pastes it into a terminal: one shell for all lines, whatever each ends with. */
async function paste(lines: readonly string[]): Promise<string> {
  const kubectl =
    inject("target") === "cluster" ? [dirname((await sharedControlPlaneWithControllers()).kubectlPath)] : [];
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH: [...kubectl, PATH].join(":"), HOME };
  const shell = spawn("sh", ["-c", `exec 2>&1\n${lines.join("\n")}`], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(shell.stdout), once(shell, "close")]);
  return output;
}

describeTarget(
  "the walk that plumb demo prints",
  () => {
    test("is five lines, which do what they promise when they are pasted", async () => {
      const { plumb } = await startedDemo();
      const lines = walkIn(plumb.stdout);
      expect(lines).toHaveLength(5);
      const output = await paste(lines);
      expect(output).toContain("deployment.apps/frontend condition met");
      expect(output).toMatch(/Deployment shop\/backend\n +spec\.replicas +2 -> 5 +drift, by kubectl/);
      expect(output).toMatch(/default\/shop {2}Synced {2}Healthy/);
      expect(output).toMatch(/^backend +2\/2 /m);
      expect(plumb.stdout).toMatch(/default\/shop {2}Drifted, /);
      expect(plumb.stdout).toMatch(/default\/shop {2}Synced, .* A third frontend/);
    });
  },
  { controllers: true },
);

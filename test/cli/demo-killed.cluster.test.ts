import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test, vi } from "vitest";
import { describeCluster } from "../controlplane/index.ts";
import { runDemo } from "./running-demo.ts";

describeCluster(
  "plumb demo --control-plane",
  () => {
    test("takes its control plane along when it is killed", async () => {
      const { plumb } = runDemo({ args: ["--listen", "127.0.0.1:0"] });
      const [, server = "", kubeconfig = ""] = await plumb.said(/(https:\S+) {2}kubeconfig (\S+)/, "stdout");
      plumb.child.kill("SIGKILL");
      await plumb.ended;
      await vi.waitFor(() => expect(existsSync(dirname(kubeconfig))).toBe(false), { timeout: 20_000 });
      await expect(fetch(`${server}/version`)).rejects.toThrow("fetch failed");
    });
  },
  { controllers: true },
);

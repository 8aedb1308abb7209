import { Command, Option } from "commander";
import type { Finish } from "../exit-code.ts";
import type { Host } from "../host.ts";
import { bypassProxies, type DemoFlags, LOG_LEVELS, readDemoSettings } from "../settings/demo.ts";

/** `plumb demo`. What it needs is loaded when it runs, since the clients do without. */
export function demoCommand(host: Host, finish: Finish): Command {
  return new Command("demo")
    .description(
      "Tries it without a cluster: a Kubernetes API in memory, a Git repository with two examples, and Plumbline",
    )
    .option("--once", "play the walk without anybody, and end with 0 only when each step of it was seen")
    .option("--control-plane", "on a real kube-apiserver, which a clone of the repository builds with Go")
    .option("--listen <host:port>", "where the API listens (127.0.0.1:8080 unless given; any free port with --once)")
    .option("--git-port <port>", "port of the Git server (any free one unless given)")
    .option("--kube-port <port>", "port of the Kubernetes API (any free one unless given)")
    .addOption(new Option("--log-level <level>", "warn unless given").choices(LOG_LEVELS))
    .action(async (flags: DemoFlags) => {
      const settings = readDemoSettings(flags);
      bypassProxies();
      const { demo } = await import("../demo/demo.ts");
      finish(await demo(settings, host));
    });
}

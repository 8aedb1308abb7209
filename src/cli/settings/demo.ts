import { tmpdir } from "node:os";
import { PlumblineError } from "../../model/index.ts";
import { ownCacheFolder } from "./cache-folder.ts";
import { type Listen, parseListen } from "./listen.ts";

/** As commander gives them: absent where the flag is. */
export interface DemoFlags {
  readonly once?: boolean;
  readonly controlPlane?: boolean;
  readonly listen?: string;
  readonly gitPort?: string;
  readonly kubePort?: string;
  readonly logLevel?: string;
}

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

export interface DemoSettings {
  /** Play the walk and end. */
  readonly once: boolean;
  /** The real kube-apiserver in place of the sandbox. */
  readonly controlPlane: boolean;
  readonly listen: Listen;
  /** 0: any that is free; so is kubePort. */
  readonly gitPort: number;
  readonly kubePort: number;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Where the temporary folder is made. */
  readonly temporary: string;
  /** Where a renderer that was built before is found. */
  readonly cacheFolder: string;
}

/** Settings of `plumb demo`, which has no others than flags. Errors: PL-USAGE, PL-CONFIG-INVALID. */
export function readDemoSettings(flags: DemoFlags): DemoSettings {
  const { once = false, controlPlane = false } = flags;
  if (controlPlane && flags.kubePort !== undefined) {
    const message = "the control plane finds its port by itself";
    throw new PlumblineError("PL-USAGE", { message, where: "--kube-port" });
  }
  return {
    once,
    controlPlane,
    // Nobody has to know the address of a walk that plays itself.
    listen: parseListen(flags.listen ?? (once ? "127.0.0.1:0" : "127.0.0.1:8080")),
    gitPort: portOf(flags.gitPort, "--git-port"),
    kubePort: portOf(flags.kubePort, "--kube-port"),
    logLevel: LOG_LEVELS.find((level) => level === flags.logLevel) ?? "warn",
    temporary: tmpdir(),
    cacheFolder: ownCacheFolder(),
  };
}

function portOf(text: string | undefined, where: string): number {
  if (text === undefined) return 0;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new PlumblineError("PL-USAGE", { message: `${JSON.stringify(text)} is no port`, where });
}

/** All that the demo speaks to is on this machine, where no proxy leads. Source: undici, EnvHttpProxyAgent, which reads these. */
export function bypassProxies(): void {
  for (const name of ["no_proxy", "NO_PROXY"]) process.env[name] = "127.0.0.1";
}

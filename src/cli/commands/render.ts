import { PlumblineError } from "../../model/index.ts";
import type { ExitCode } from "../exit-code.ts";
import type { Flags, Invocation } from "./flags.ts";
import { meansFolder } from "./folder-argument.ts";

const OF_FOLDERS = [
  ...["releaseName", "namespace", "values", "set", "setString", "setFile", "includeCrds", "skipCrds"],
  ...["kubeVersion", "apiVersions", "remoteSources", "kubeconfig", "context"],
] as const satisfies (keyof Flags)[];

export async function render(invocation: Invocation): Promise<ExitCode> {
  const { arg, flags } = invocation;
  if (await meansFolder(arg, flags)) return (await import("./render-folder.ts")).renderGivenFolder(invocation);
  refuseFolderFlags(arg, flags);
  return (await import("./render-application.ts")).renderApplication(invocation);
}

/** What an application is rendered with stands in its declaration; a flag that did nothing would look as if it had. */
function refuseFolderFlags(arg: string, flags: Flags): void {
  const given = OF_FOLDERS.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  const flag = `--${given.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const message = `${flag} is for a folder, and this is taken for an application`;
  throw new PlumblineError("PL-USAGE", {
    message,
    where: arg,
    next: "name an existing folder, or leave the flag out",
  });
}

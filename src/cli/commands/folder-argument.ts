import { stat } from "node:fs/promises";
import { PlumblineError } from "../../model/index.ts";
import type { Flags } from "./flags.ts";

/** Of `APP|FOLDER`. `shop/web` may be both: whoever names a server means the application, and whoever names a cluster the folder. */
export async function meansFolder(arg: string, { server, kubeconfig, context }: Flags): Promise<boolean> {
  if (server !== undefined) return false;
  if (kubeconfig !== undefined || context !== undefined || /^(\.{0,2}\/|\.{1,2}$)|\/$/.test(arg)) return true;
  return await stat(arg).then(
    () => true,
    () => false,
  );
}

/** Errors: PL-USAGE where there is nothing at the path. */
export async function requireFolder(arg: string): Promise<void> {
  await stat(arg).catch((cause: unknown) => {
    const next = "name an existing folder or file, or an application as NAMESPACE/NAME";
    throw new PlumblineError("PL-USAGE", { message: "there is no such file or folder", where: arg, next, cause });
  });
}

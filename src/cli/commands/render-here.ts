import {
  createEngine,
  type FolderOptions,
  findEngineModule,
  type RenderResult,
  renderFolder,
} from "../../render/index.ts";
import { cacheFolder } from "../settings/cache-folder.ts";
import type { Invocation } from "./flags.ts";
import { openResources } from "./render-resources.ts";

/** The folder that the command names, rendered in this process; `cluster` answers for the destination. Errors: those of renderFolder. */
export async function renderHere(
  { host, flags, arg }: Invocation,
  options: Pick<FolderOptions, "source" | "references" | "release">,
  cluster: FolderOptions["resources"] = {},
): Promise<RenderResult> {
  const engine = createEngine({ ...findEngineModule({ cacheFolder: cacheFolder(host) }), workers: 1 });
  const opened = await openResources(flags, host.env);
  try {
    return await renderFolder(arg, { ...options, engine, resources: { ...opened.resources, ...cluster } });
  } finally {
    await Promise.all([opened.close(), engine.close()]);
  }
}

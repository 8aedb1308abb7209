import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "../../model/index.ts";
import { postPush, startGitServer } from "../../sandbox/index.ts";
import type { DemoParts } from "./demo-parts.ts";
import { openPort } from "./open-port.ts";

/** Two folders above this one's room in src/ and in dist/ alike. */
const EXAMPLES = fileURLToPath(new URL("../../../manifests/examples/", import.meta.url));
const NAME = "examples";

export interface DemoRepository {
  readonly url: string;
  /** Tells pushes to the Plumbline at this address from now on. */
  tell(address: string, secret: string): void;
}

/** Serves a repository with the examples. Errors: PL-LISTEN-TAKEN. */
export async function startRepository(
  port: number,
  { folder, cleanups, log }: Omit<DemoParts, "signal"> & { log: Log },
): Promise<DemoRepository> {
  const root = join(folder, "repositories");
  await mkdir(root);
  let hook: { readonly url: string; readonly secret: string } | undefined;
  const server = await openPort(port, "--git-port", (free) =>
    startGitServer({
      root,
      port: free,
      onPush: (push) => {
        if (hook === undefined) return;
        const told = postPush(push, { ...hook, repositoryUrl: (name) => server.url(name) });
        told.catch((error: unknown) =>
          log.warn({ err: error }, "the webhook was not taken; the next poll finds the commit"),
        );
      },
    }),
  );
  cleanups.push(() => server.stop());
  await server.createRepository(NAME, EXAMPLES);
  return {
    url: server.url(NAME),
    tell: (address, secret) => {
      hook = { url: `${address}/hooks/github`, secret };
    },
  };
}

/** Writes the examples' Applications to the folder, with this repository in place of their own. */
export async function writeApplications(folder: string, repository: string): Promise<void> {
  const from = join(EXAMPLES, "applications");
  await mkdir(folder);
  for (const name of await readdir(from)) {
    const text = await readFile(join(from, name), "utf8");
    await writeFile(join(folder, name), text.replace(/^(\s+repo:) .*$/m, `$1 ${repository}`));
  }
}

/**
 * For the walk in README.md: makes a Git repository out of manifests/examples and serves it over HTTP on loopback until Ctrl-C.
 * Edit and commit in .cache/examples; delete .cache/examples and .cache/examples.git to start anew.
 */
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { askBackend } from "../git-server/backend.ts";
import { runGit } from "../git-server/git-program.ts";

const TOP = join(import.meta.dirname, "../..");
const ROOT = join(TOP, ".cache");
const TREE = join(ROOT, "examples");
/** That of manifests/examples/applications. */
const PORT = 3000;

if (!existsSync(TREE)) await makeRepository();
const server = createServer((request, response) => {
  answer(request).then(
    ({ status, headers, body }) => response.writeHead(status, headers).end(body),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
server.listen(PORT, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${PORT}/examples.git serves the commits of .cache/examples\n`);
});

async function makeRepository(): Promise<void> {
  await mkdir(ROOT, { recursive: true });
  await runGit(ROOT, ["init", "--quiet", "--initial-branch=main", "--separate-git-dir=examples.git", "examples"]);
  await cp(join(TOP, "manifests/examples"), TREE, { recursive: true });
  await runGit(TREE, ["add", "."]);
  const author = ["-c", "user.name=Plumbline", "-c", "user.email=plumbline@example.com"];
  await runGit(TREE, [...author, "commit", "--quiet", "--message=The examples as they come"]);
}

async function answer(request: IncomingMessage): ReturnType<typeof askBackend> {
  return askBackend({ root: ROOT, request, body: await buffer(request), protocolV2: true });
}

/**
 * For the walk in README.md: makes a Git repository out of manifests/examples and serves it over HTTP on loopback until Ctrl-C.
 * Edit and commit in .cache/examples; delete .cache/examples and .cache/examples.git to start anew.
 */
import { existsSync } from "node:fs";
import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runGit, startGitServer } from "../../src/sandbox/index.ts";

const TOP = join(import.meta.dirname, "../..");
const ROOT = join(TOP, ".cache");
const TREE = join(ROOT, "examples");
/** That of manifests/examples/applications. */
const PORT = 3000;

if (!existsSync(TREE)) await makeRepository();
const server = await startGitServer({ root: ROOT, port: PORT });
server.serve("examples", join(ROOT, "examples.git"));
process.stdout.write(`${server.url("examples")} serves the commits of .cache/examples\n`);

async function makeRepository(): Promise<void> {
  await mkdir(ROOT, { recursive: true });
  await runGit(ROOT, ["init", "--quiet", "--initial-branch=main", "--separate-git-dir=examples.git", "examples"]);
  await cp(join(TOP, "manifests/examples"), TREE, { recursive: true });
  await runGit(TREE, ["add", "."]);
  const author = ["-c", "user.name=Plumbline", "-c", "user.email=plumbline@example.com"];
  await runGit(TREE, [...author, "commit", "--quiet", "--message=The examples as they come"]);
}

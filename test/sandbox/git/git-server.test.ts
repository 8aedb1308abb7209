import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type GitServer, type Push, runGit, startGitServer } from "../../../src/sandbox/index.ts";

const EXAMPLES = join(import.meta.dirname, "../../../manifests/examples");
const NONE = "0".repeat(40);

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), "plumbline-sandbox-git-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

async function serving(pushes: Push[] = []): Promise<GitServer> {
  const server = await startGitServer({ root: folder(), onPush: (push) => pushes.push(push) });
  onTestFinished(() => server.stop());
  return server;
}

async function cloneOf(server: GitServer, name = "examples"): Promise<string> {
  const dir = folder();
  const author = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"];
  await runGit(dir, ["clone", "--quiet", ...author, server.url(name), "clone"]);
  return join(dir, "clone");
}

/** Path and text of each file, those of Git left out. */
function textsBelow(dir: string): [string, string][] {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = files.map((file): [string, string] => [file.slice(dir.length), readFileSync(file, "utf8")]);
  return texts.filter(([file]) => !file.startsWith("/.git/")).sort();
}

async function commit(clone: string, text: string): Promise<string> {
  writeFileSync(join(clone, "note.txt"), text);
  await runGit(clone, ["add", "note.txt"]);
  await runGit(clone, ["commit", "--quiet", "--message", text]);
  return await runGit(clone, ["rev-parse", "HEAD"]);
}

interface Raw {
  readonly path: string;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Buffer;
}

/** A request whose path nothing puts right on the way. */
async function raw(server: GitServer, { body, ...options }: Raw): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const request = http.request(server.origin, { ...options }, (answer) => {
    answer.resume();
    resolve(answer.statusCode);
  });
  request.once("error", reject).end(body);
  return await promise;
}

test("a folder becomes a repository whose clone has the folder's files, and the same folder the same commit", async () => {
  const heads: string[] = [];
  for (let round = 0; round < 2; round++) {
    const server = await serving();
    heads.push(await server.createRepository("examples", EXAMPLES));
    const clone = await cloneOf(server);
    expect(textsBelow(clone)).toEqual(textsBelow(EXAMPLES));
    expect(await runGit(clone, ["rev-parse", "HEAD"])).toBe(heads[round]);
  }
  expect(heads[0]).toBe(heads[1]);
});

test("each ref that a push changes is told once, with what it was and is", async () => {
  const pushes: Push[] = [];
  const server = await serving(pushes);
  const first = await server.createRepository("examples", EXAMPLES);
  const clone = await cloneOf(server);
  const second = await commit(clone, "one");
  await runGit(clone, ["push", "--quiet", "origin", "HEAD:main", "HEAD:side"]);
  await runGit(clone, ["push", "--quiet", "origin", "HEAD:main"]);
  await runGit(clone, ["push", "--quiet", "origin", ":side"]);
  expect(pushes).toEqual([
    { repo: "examples", ref: "refs/heads/main", before: first, after: second },
    { repo: "examples", ref: "refs/heads/side", before: NONE, after: second },
    { repo: "examples", ref: "refs/heads/side", before: second, after: NONE },
  ]);
});

test("a push that Git refuses is told to nobody", async () => {
  const pushes: Push[] = [];
  const server = await serving(pushes);
  await server.createRepository("examples", EXAMPLES);
  const [ann, bob] = [await cloneOf(server), await cloneOf(server)];
  await commit(ann, "of ann");
  await runGit(ann, ["push", "--quiet"]);
  await commit(bob, "of bob");
  await expect(runGit(bob, ["push", "--quiet"])).rejects.toThrow(/rejected/);
  expect(pushes).toHaveLength(1);
});

test("only the three addresses of a repository that is served are answered", async () => {
  const server = await serving();
  await server.createRepository("examples", EXAMPLES);
  const statuses = await Promise.all(
    [
      "/examples.git/info/refs?service=git-upload-pack",
      "/other.git/info/refs?service=git-upload-pack",
      "/examples.git/HEAD",
      "/examples.git/config",
      "/examples.git/../examples.git/config",
      "/../../../etc/passwd",
      "/%2e%2e/%2e%2e/etc.git/info/refs",
      "//etc.git/info/refs",
    ].map((path) => raw(server, { path })),
  );
  expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404, 404]);
});

test.each([{ host: "plumbline.example:3000" }, { host: "127.0.0.1.example" }, { origin: "http://127.0.0.1:3000" }])(
  "a request that a page of another site can make is refused: %o",
  async (headers: { [name: string]: string }) => {
    const server = await serving();
    await server.createRepository("examples", EXAMPLES);
    const path = "/examples.git/info/refs?service=git-upload-pack";
    expect(await raw(server, { path, headers })).toBe(403);
  },
);

test("a body that is too long is refused", async () => {
  const server = await serving();
  await server.createRepository("examples", EXAMPLES);
  const body = Buffer.alloc(65 * 1024 * 1024);
  const type = { "content-type": "application/x-git-receive-pack-request" };
  const path = "/examples.git/git-receive-pack";
  expect(await raw(server, { method: "POST", path, body, headers: type })).toBe(413);
});

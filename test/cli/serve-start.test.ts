import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hashToken } from "../../src/api/index.ts";
import { RunningPlumb, runPlumb, temporaryFolder } from "./run-plumb.ts";
import { startServer, TOKEN } from "./server.ts";

/** Nobody listens there. */
const AWAY = {
  apiVersion: "v1",
  kind: "Config",
  "current-context": "away",
  clusters: [{ name: "away", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "away", user: { token: "a-secret-token" } }],
  contexts: [{ name: "away", context: { cluster: "away", user: "away" } }],
};

const APPLICATION = {
  apiVersion: "plumbline.dev/v1alpha1",
  kind: "Application",
  metadata: { name: "web", namespace: "shop" },
  spec: { source: { repo: "http://127.0.0.1:1/shop.git" } },
};

function setting(over: { readonly applications?: string } = {}) {
  const folder = temporaryFolder();
  const config = join(folder, "apps.yaml");
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(config, over.applications ?? JSON.stringify(APPLICATION));
  writeFileSync(kubeconfig, JSON.stringify(AWAY));
  const args = ["serve", "--config", config, "--kubeconfig", kubeconfig, "--data-dir", join(folder, "data")];
  return { folder, config, args, any: [...args, "--listen", "127.0.0.1:0"] };
}

async function addressOf(plumb: RunningPlumb): Promise<string> {
  return (await plumb.said(/http:\/\/127\.0\.0\.1:\d+/))[0];
}

test("it starts though the API server is away, says so first, and SIGTERM ends it with 0", async () => {
  const { any, config } = setting();
  const plumb = new RunningPlumb(any);
  const address = await addressOf(plumb);
  await plumb.said(/cluster away does not answer: .*; its state is Unknown, and it is tried again\n/);
  const lines = plumb.stderr.split("\n");
  expect(lines.slice(0, 2)).toEqual([`listening on ${address}`, `1 application in ${config}`]);
  expect((await fetch(`${address}/livez`)).status).toBe(200);
  plumb.child.kill("SIGTERM");
  const { code, stdout, stderr } = await plumb.ended;
  expect([code, stdout]).toEqual([0, ""]);
  expect(stderr).not.toContain("a-secret-token");
});

test("as JSON every line is a record, the first ones too", async () => {
  const plumb = new RunningPlumb([...setting().any, "--log-format", "json"]);
  const address = await addressOf(plumb);
  await plumb.said(/does not answer/);
  plumb.child.kill("SIGINT");
  const { code, stderr } = await plumb.ended;
  const records = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(records[0]).toMatchObject({ level: "info", address, msg: `listening on ${address}` });
  expect(records[1]).toMatchObject({ applications: 1 });
  expect(code).toBe(0);
});

test("an address that is taken is an error", async () => {
  const { url } = await startServer();
  const taken = url.replace("http://", "");
  expect(await runPlumb([...setting().args, "--listen", taken])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(`^PL-LISTEN-TAKEN  ${taken}  another program listens there\n  next: `),
  });
});

test("an address beyond this machine needs authentication", async () => {
  const { args, folder } = setting();
  const open = [...args, "--listen", "0.0.0.0:0"];
  const refused = await runPlumb(open);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/^PL-LISTEN-UNSAFE {2}0\.0\.0\.0:0 {2}/) });
  const tokens = join(folder, "tokens.yaml");
  writeFileSync(tokens, JSON.stringify([{ name: "ada", role: "viewer", sha256: hashToken(TOKEN) }]));
  const plumb = new RunningPlumb([...open, "--tokens", tokens]);
  const [, port] = await plumb.said(/listening on http:\/\/[\d.]+:(\d+)/);
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/applications`)).status).toBe(401);
});

test("a data folder that cannot be written is an error", async () => {
  const { any, config } = setting();
  const ended = await runPlumb([...any, "--data-dir", join(config, "below-a-file")]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/^PL-DATA-UNWRITABLE /) });
});

test.each([
  ["spec: {", "PL-CONFIG-INVALID"],
  [JSON.stringify({ ...APPLICATION, spec: {} }), "PL-CONFIG-INVALID"],
  [`${JSON.stringify(APPLICATION)}\n---\n${JSON.stringify(APPLICATION)}`, "PL-CONFIG-DUPLICATE"],
])("application files that cannot be used are an error: %s", async (applications, code) => {
  const ended = await runPlumb(setting({ applications }).any);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(new RegExp(`${code}  .*apps\\.yaml:\\d+  `)) });
});

test.each([
  ["--config", "PL-CONFIG-UNREADABLE"],
  ["--tokens", "PL-CONFIG-UNREADABLE"],
  ["--webhook-secret-file", "PL-CONFIG-UNREADABLE"],
  ["--repositories", "PL-CONFIG-UNREADABLE"],
  ["--kubeconfig", "PL-KUBE-CONFIG"],
])("%s with a file that is not there is an error", async (flag, code) => {
  const ended = await runPlumb([...setting().any, flag, "/nowhere/at/all"]);
  expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(`${code}  /nowhere/at/all  `) });
});

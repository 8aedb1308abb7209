import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readServeSettings, type ServeFlags } from "../../src/cli/settings/serve.ts";
import { PlumblineError } from "../../src/model/index.ts";
import { temporaryFolder } from "./run-plumb.ts";

const HOME = "/home/ada";

function read(flags: ServeFlags, env: Record<string, string> = {}) {
  return readServeSettings(flags, { env, home: HOME });
}

function settingsFile(text: string): { folder: string; file: string } {
  const folder = temporaryFolder();
  const file = join(folder, "plumb.yaml");
  writeFileSync(file, text);
  return { folder, file };
}

async function failure(reading: Promise<unknown>): Promise<PlumblineError> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlumblineError) return error;
  throw new Error("it did not fail with a code", { cause: error });
}

test("what nobody sets has its default", async () => {
  expect(await read({})).toEqual({
    config: undefined,
    kube: {},
    clusters: [],
    listen: { host: "127.0.0.1", port: 8080 },
    dataDir: "/home/ada/.local/state/plumbline",
    logFormat: "text",
    logLevel: "info",
    tokens: undefined,
    webhookSecretFile: undefined,
    repositories: [],
    remoteSources: [],
    ignore: [],
    cacheFolder: "/home/ada/.cache/plumbline",
    inventoryNamespace: "plumbline-system",
    projects: "optional",
    concurrency: 64,
    redis: undefined,
  });
});

test("replicas are found, reached and known, or there are none", async () => {
  const flags = { replicas: "leases", replicaAddress: "http://10.0.0.7:8080/", replicaTokenFile: "/run/secret" };
  expect((await read(flags)).replicas).toEqual({
    by: { kind: "leases" },
    address: "http://10.0.0.7:8080",
    tokenFile: "/run/secret",
  });
  const { replicaTokenFile: _left, ...without } = flags;
  await expect(read(without)).rejects.toMatchObject({ code: "PL-CONFIG-INVALID", where: "--replica-token-file" });
});

test("Projects are optional or required, and nothing else", async () => {
  expect((await read({}, { PLUMB_PROJECTS: "required" })).projects).toBe("required");
  await expect(read({ projects: "yes" })).rejects.toMatchObject({ code: "PL-USAGE", where: "--projects" });
});

test("what may be fetched from elsewhere is a list parted by commas", async () => {
  const settings = await read({ remoteSources: "https://git.example/bases/, https://files.example/a.yaml" });
  expect(settings.remoteSources).toEqual(["https://git.example/bases/", "https://files.example/a.yaml"]);
});

test("a flag comes before a variable, and that before the settings file", async () => {
  const { file } = settingsFile("listen: 127.0.0.1:1\nlogLevel: error\nconcurrency: 3\n");
  const env = { PLUMB_LISTEN: "127.0.0.1:2", PLUMB_LOG_LEVEL: "warn", PLUMB_SETTINGS: file };
  const settings = await read({ listen: "127.0.0.1:3" }, env);
  expect(settings.listen.port).toBe(3);
  expect(settings.logLevel).toBe("warn");
  expect(settings.concurrency).toBe(3);
});

test("every setting has a variable", async () => {
  const settings = await read(
    {},
    { PLUMB_DATA_DIR: "/data", PLUMB_INVENTORY_NAMESPACE: "inventory", PLUMB_CONCURRENCY: "4" },
  );
  expect(settings).toMatchObject({ dataDir: "/data", inventoryNamespace: "inventory", concurrency: 4 });
});

test("the cluster that kubectl would take is taken where none is named", async () => {
  const env = { KUBECONFIG: "/home/ada/.kube/dev" };
  expect((await read({}, env)).kube).toEqual({ kubeconfig: "/home/ada/.kube/dev" });
  expect((await read({ kubeconfig: "/other", context: "prod" }, env)).kube).toEqual({
    kubeconfig: "/other",
    context: "prod",
  });
});

test("an empty variable is one that is not set", async () => {
  expect((await read({}, { PLUMB_LISTEN: "" })).listen.port).toBe(8080);
});

test("the state folder of the desktop's convention is where data goes", async () => {
  expect((await read({}, { XDG_STATE_HOME: "/state" })).dataDir).toBe("/state/plumbline");
});

test("paths in the settings file start at its folder, those of flags where the user is", async () => {
  const { file, folder } = settingsFile(
    "config: apps\nkubeconfig: /etc/kube\nrepositories: [{ url: 'https://git.example/', caFile: ca.pem }]\n",
  );
  const settings = await read({ settings: file });
  expect(settings.config).toBe(join(folder, "apps"));
  expect(settings.kube).toEqual({ kubeconfig: "/etc/kube" });
  expect(settings.repositories).toEqual([{ url: "https://git.example/", caFile: join(folder, "ca.pem") }]);
  expect((await read({ config: "apps" })).config).toBe("apps");
});

test("repositories come from a file of their own, with credentials by name", async () => {
  const { file, folder } = settingsFile(
    "- url: https://git.example/\n  credentials: { username: bot, passwordFile: secret }\n",
  );
  const { repositories } = await read({ repositories: file });
  expect(repositories).toEqual([
    { url: "https://git.example/", credentials: { username: "bot", passwordFile: join(folder, "secret") } },
  ]);
});

test("an unknown key of the settings file is an error with its line and pointer", async () => {
  const { file } = settingsFile("logLevel: info\nlisten: 127.0.0.1:1\nlogLvl: debug\n");
  const error = await failure(read({ settings: file }));
  expect(error.code).toBe("PL-CONFIG-INVALID");
  expect(error.where).toBe(`${file}:3`);
  expect(error.message).toBe("/logLvl: there is no such field");
});

test("a secret cannot be written where a file's name belongs", async () => {
  const { file } = settingsFile(
    "- url: https://git.example/\n  credentials:\n    username: bot\n    password: hunter2\n",
  );
  const error = await failure(read({ repositories: file }));
  expect(error.message).toBe("/0/credentials/password: there is no such field");
  expect(error.where).toBe(`${file}:4`);
  expect(String(error)).not.toContain("hunter2");
});

test("rules of what is left to others stand in the settings file, or in a file of their own", async () => {
  const rule = { kind: "Deployment", path: "/spec/replicas", reason: "scaled by hand" };
  const inFile = settingsFile(`ignore:\n- ${JSON.stringify(rule)}\n`);
  expect((await read({ settings: inFile.file })).ignore).toEqual([rule]);
  const own = settingsFile(`- ${JSON.stringify({ ...rule, name: "web" })}\n`);
  expect((await read({ settings: inFile.file, ignore: own.file })).ignore).toEqual([{ ...rule, name: "web" }]);
  expect((await read({}, { PLUMB_IGNORE: own.file })).ignore).toEqual([{ ...rule, name: "web" }]);
});

test("a rule that cannot be read is an error with its line", async () => {
  const rules = "- { path: /spec, reason: r }\n- jsonPath: .spec..replicas\n  reason: r\n";
  const own = settingsFile(rules);
  const said = { code: "PL-IGNORE-INVALID", message: expect.stringContaining("looks everywhere") };
  expect(await failure(read({ ignore: own.file }))).toMatchObject({ ...said, where: `${own.file}:2` });
  const settings = settingsFile(`listen: 127.0.0.1:1\nignore:\n${rules}`);
  expect(await failure(read({ settings: settings.file }))).toMatchObject({ ...said, where: `${settings.file}:4` });
  const unfit = settingsFile("- { path: spec, reason: r }\n");
  expect(await failure(read({ ignore: unfit.file }))).toMatchObject({
    code: "PL-CONFIG-INVALID",
    where: `${unfit.file}:1`,
  });
});

test("a settings file that is no YAML is an error with its line", async () => {
  const { file } = settingsFile("listen: [\n");
  const error = await failure(read({ settings: file }));
  expect(error.code).toBe("PL-CONFIG-INVALID");
  expect(error.where).toMatch(/plumb\.yaml:\d+$/);
});

test("a settings file that is missing is an error that names it", async () => {
  const error = await failure(read({ settings: "/nowhere/plumb.yaml" }));
  expect(error).toMatchObject({ code: "PL-CONFIG-UNREADABLE", where: "/nowhere/plumb.yaml" });
});

test.each([
  [{ concurrency: "many" }, {}, "PL-USAGE", "--concurrency"],
  [{ logFormat: "xml" }, {}, "PL-USAGE", "--log-format"],
  [{}, { PLUMB_LOG_LEVEL: "loud" }, "PL-CONFIG-INVALID", "PLUMB_LOG_LEVEL"],
  [{ listen: "8080" }, {}, "PL-CONFIG-INVALID", "--listen"],
])("%j with %j is %s at %s", async (flags, env: Record<string, string>, code, where) => {
  expect(await failure(read(flags, env))).toMatchObject({ code, where });
});

test.each([
  ["[::1]:8080", { host: "::1", port: 8080 }],
  [":80", { host: "", port: 80 }],
  ["localhost:0", { host: "localhost", port: 0 }],
])("%s is an address", async (listen, expected) => {
  expect((await read({ listen })).listen).toEqual(expected);
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadKubeAccess } from "../../src/cluster/kubeconfig.ts";

async function files(...texts: readonly string[]): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), "plumbline-kubeconfig-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const paths = texts.map((_, i) => join(dir, `config-${i}`));
  await Promise.all(texts.map((text, i) => writeFile(paths[i] ?? "", text)));
  return paths;
}

const config = (name: string, current = "") => `
apiVersion: v1
kind: Config
current-context: "${current}"
contexts:
- name: ${name}
  context: { cluster: ${name}, user: ${name} }
clusters:
- name: ${name}
  cluster: { server: "https://${name}.example:6443/", certificate-authority: ca.crt }
users:
- name: ${name}
  user: { token: t-${name} }
`;

test("the current context gives server and user, and files are relative to the kubeconfig's folder", async () => {
  const [path = ""] = await files(config("one", "one"));
  const access = await loadKubeAccess({ kubeconfig: path });
  expect(access).toMatchObject({
    name: "one",
    user: { token: "t-one" },
    cluster: { server: "https://one.example:6443" },
  });
  expect(access.cluster.caFile).toBe(join(dirname(path), "ca.crt"));
});

test("of several files the first that names a current context goes, and contexts come from all", async () => {
  const kubeconfig = (await files(config("one"), config("two", "two"))).join(delimiter);
  expect((await loadKubeAccess({ kubeconfig })).name).toBe("two");
  expect((await loadKubeAccess({ kubeconfig, context: "one" })).user.token).toBe("t-one");
});

test("a context that is not there is refused with the names of those that are", async () => {
  const [kubeconfig = ""] = await files(config("one", "one"));
  await expect(loadKubeAccess({ kubeconfig, context: "two" })).rejects.toMatchObject({
    code: "PL-KUBE-CONFIG",
    where: kubeconfig,
    message: expect.stringContaining("there are: one"),
  });
});

test("a file without a current context asks for one", async () => {
  const [kubeconfig = ""] = await files(config("one"));
  await expect(loadKubeAccess({ kubeconfig })).rejects.toMatchObject({ next: expect.stringContaining("--context") });
});

test.each([
  ["no file", undefined],
  ["no YAML", "a: [b"],
  ["no kubeconfig", "just text"],
  [
    "a context whose cluster is missing",
    config("one", "one").replace("- name: one\n  cluster:", "- name: other\n  cluster:"),
  ],
  ["a context whose user is missing", config("one", "one").replace("- name: one\n  user:", "- name: other\n  user:")],
])("%s is PL-KUBE-CONFIG", async (_name, text) => {
  const [kubeconfig = ""] = text === undefined ? [join(tmpdir(), "plumbline-no-such-file")] : await files(text);
  await expect(loadKubeAccess({ kubeconfig })).rejects.toMatchObject({ code: "PL-KUBE-CONFIG" });
});

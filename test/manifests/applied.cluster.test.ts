import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadAll } from "js-yaml";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { KubeObject } from "../../src/model/index.ts";
import { temporaryFolder } from "../cli/run-plumb.ts";
import { type ControlPlane, describeCluster, startControlPlane, VOLUMES } from "../controlplane/index.ts";
import { freePorts } from "../controlplane/ports.ts";
import { configMap } from "../e2e/manifests.ts";
import { Plumbline } from "../e2e/plumbline.ts";
import { replicaArguments } from "../e2e/replicas.ts";
import { startGitServer } from "../git-server/index.ts";
import { EXAMPLES, objectsOf } from "./manifest-files.ts";

const ROOT = join(import.meta.dirname, "../../manifests");
const APPLY = ["apply", "--server-side", "--validate=strict"] as const;

/** A kubeconfig with that token in place of its own. */
function kubeconfigOf({ kubeconfigPath }: ControlPlane, token: string): string {
  const config = JSON.parse(readFileSync(kubeconfigPath, "utf8"));
  const file = join(temporaryFolder(), "kubeconfig");
  writeFileSync(file, JSON.stringify({ ...config, users: [{ ...config.users[0], user: { token } }] }));
  return file;
}

describeCluster(
  "the manifests on a real API server",
  () => {
    // Of its own: the namespaces and definitions of the manifests have the names they have.
    let plane: ControlPlane;

    beforeAll(async () => {
      plane = await startControlPlane({ controllers: true });
      await apply([], "deploy/namespace.yaml", "deploy/crd.yaml", "examples/shop/discount-definition.yaml");
      await apply([], ...EXAMPLES.map((example) => `examples/${example}/namespace.yaml`));
      const definitions = ["crd/applications.plumbline.dev", "crd/discounts.shop.example.com"];
      await kubectl(["wait", "--for=condition=Established", "--timeout=30s", ...definitions]);
    });

    afterAll(() => plane?.stop());

    async function kubectl(args: readonly string[], input?: string): Promise<string> {
      const { code, stdout, stderr } = await plane.kubectl(args, input);
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      return stdout + stderr;
    }

    function apply(options: readonly string[], ...paths: string[]): Promise<string> {
      return kubectl([...APPLY, ...options, ...paths.flatMap((path) => ["-f", join(ROOT, path)])]);
    }

    test("the whole installation is accepted, without a warning", async () => {
      const said = await kubectl([...APPLY, "--dry-run=server", "-k", join(ROOT, "deploy")]);
      expect(said).not.toMatch(/warning/i);
      expect(said).toContain("deployment.apps/plumbline serverside-applied");
    });

    test.each(["replicas", "replicas-redis"])("so is %s in its place", async (folder) => {
      const said = await kubectl([...APPLY, "--dry-run=server", "-k", join(ROOT, folder)]);
      expect(said).not.toMatch(/warning/i);
      for (const object of ["deployment.apps/plumbline", "poddisruptionbudget.policy/plumbline"])
        expect(said).toContain(`${object} serverside-applied`);
    });

    test("what Plumbline has for itself is enough for a replica: it says that it is there, writes, and takes its leave", async () => {
      await apply([], "deploy/project-crd.yaml");
      const rights = (await objectsOf("deploy")).filter(
        ({ apiVersion, kind, metadata: { name } }) =>
          kind === "ServiceAccount" || (apiVersion.startsWith("rbac.") && name !== "plumbline-applications"),
      );
      await kubectl([...APPLY, "-f", "-"], rights.map((one) => JSON.stringify(one)).join("\n---\n"));
      const account = "--serviceaccount=plumbline-system:plumbline";
      await kubectl(["create", "clusterrole", "config", "--verb=*", "--resource=configmaps"]);
      await kubectl(["create", "clusterrolebinding", "config", "--clusterrole=config", account]);
      const git = await startGitServer();
      onTestFinished(() => git.stop());
      const { url: repo } = await git.createRepository("apps", { "web/settings.yaml": configMap("settings", {}) });
      const token = await kubectl(["-n", "plumbline-system", "create", "token", "plumbline"]);
      const tokenFile = join(temporaryFolder(), "token");
      writeFileSync(tokenFile, "a secret of the test");
      const [port = 0] = await freePorts(1);
      await using plumbline = new Plumbline({
        kubeconfigPath: kubeconfigOf(plane, token.trim()),
        applications: JSON.stringify({
          ...{
            apiVersion: "plumbline.dev/v1alpha1",
            kind: "Application",
            metadata: { name: "web", namespace: "default" },
          },
          spec: { source: { repo, ref: "main", path: "web" }, destination: { namespace: "default" } },
        }),
        args: replicaArguments({ namespace: "plumbline-system", port, tokenFile }),
      });
      await plumbline.start();
      await plumbline.status("default/web", ({ sync }) => sync.status === "Synced");
      const leases = ["-n", "plumbline-system", "get", "leases", "-o", "jsonpath={.items[*].spec.holderIdentity}"];
      expect(await kubectl(leases)).toMatch(/./);
      await plumbline.kill("SIGTERM");
      expect(await kubectl(leases)).toBe("");
      expect(plumbline.output).not.toMatch(/forbidden/i);
    });

    test.each([
      ["deploy", "plumbline"],
      ["replicas-redis", "plumbline-redis"],
    ])("the pod that %s has of %s passes the restricted standard", async (folder, name) => {
      const objects = loadAll(await kubectl(["kustomize", join(ROOT, folder)])) as readonly KubeObject[];
      const deployment = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
      const { template } = Object(deployment?.["spec"]);
      const metadata = { ...template.metadata, name: "probe", namespace: "plumbline-system" };
      const pod = { ...template, apiVersion: "v1", kind: "Pod", metadata };
      const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { ...metadata, name: "plumbline" } };
      await kubectl([...APPLY, "-f", "-"], JSON.stringify(account));
      const said = await kubectl([...APPLY, "--dry-run=server", "-f", "-"], JSON.stringify(pod));
      expect(said).toContain("pod/probe serverside-applied");
    });

    test("an Application gets its defaults from the definition, and a misspelt field is refused", async () => {
      await apply([], "examples/applications");
      const shop = JSON.parse(await kubectl(["get", "plapp", "shop", "-o", "json"]));
      expect(shop.spec).toMatchObject({ suspend: false, sync: { auto: true, timeout: "5m", pruneLimit: 50 } });
      const wrong = { ...shop, metadata: { name: "wrong" }, spec: { ...shop.spec, sorce: {} } };
      const { code, stderr } = await plane.kubectl([...APPLY, "-f", "-"], JSON.stringify(wrong));
      expect(code).toBe(1);
      expect(stderr).toContain("sorce");
    });

    test("an Application's definition keeps a status of any shape, and shows it in columns", async () => {
      const status = {
        sync: { status: "Drifted" },
        health: { status: "Healthy" },
        source: { revision: "abc" },
        more: [1],
      };
      const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
      await kubectl(["patch", "plapp", "shop", ...patch]);
      const table = await kubectl(["get", "plapp", "shop"]);
      expect(table).toMatch(/NAME +SYNC +HEALTH +REVISION +AGE\s+shop +Drifted +Healthy +abc/);
      expect(JSON.parse(await kubectl(["get", "plapp", "shop", "-o", "json"])).status).toEqual(status);
    });

    test.each(EXAMPLES)(
      "every object of the %s is accepted with strict validation, without a warning",
      async (example) => {
        const said = await apply(["--dry-run=server"], `examples/${example}`);
        expect(said).not.toMatch(/warning/i);
        expect(said.match(/serverside-applied/g)).toHaveLength((await objectsOf(`examples/${example}`)).length);
      },
    );

    test("the examples roll out: every Pod becomes ready and every claim is bound", async () => {
      await kubectl([...APPLY, "-f", "-"], VOLUMES.map((volume) => JSON.stringify(volume)).join("\n---\n"));
      await apply([], ...EXAMPLES.map((example) => `examples/${example}`));
      for (const [namespace, workloads] of [
        ["shop", ["frontend", "backend", "worker", "cache"].map((name) => `deployment/${name}`)],
        ["blog", ["deployment/web", "statefulset/mysql"]],
      ] as const) {
        for (const workload of workloads) {
          await kubectl(["-n", namespace, "rollout", "status", workload, "--timeout=60s"]);
        }
      }
      await vi.waitFor(async () => {
        const phases = await kubectl(["-n", "blog", "get", "pvc", "-o", "jsonpath={.items[*].status.phase}"]);
        expect(phases).toBe("Bound Bound");
      }, 10_000);
    });
  },
  { controllers: true },
);

import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type ControlPlane, describeCluster, startControlPlane, VOLUMES } from "../controlplane/index.ts";
import { EXAMPLES, objectsOf } from "./manifest-files.ts";

const ROOT = join(import.meta.dirname, "../../manifests");
const APPLY = ["apply", "--server-side", "--validate=strict"] as const;

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

    test("the pod of the installation passes the restricted standard", async () => {
      const deployment = (await objectsOf("deploy")).find(({ kind }) => kind === "Deployment");
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

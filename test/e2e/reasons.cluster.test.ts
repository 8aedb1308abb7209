import { expect, test } from "vitest";
import { describeTarget, testCluster } from "../target/index.ts";
import { yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const labels = { app: "web" };
const homeless = yaml("apps/v1", "Deployment", "web", {
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [{ name: "app", image: "registry.example/none:1" }],
        volumes: [{ name: "data", persistentVolumeClaim: { claimName: "missing" } }],
      },
    },
  },
});

describeTarget(
  "reasons from below",
  () => {
    test("a Deployment names the Pod that keeps it from rolling out, and what the kubelet or the scheduler says", async () => {
      const cluster = await testCluster({ controllers: true });
      await using world = await World.synced({ files: { "web/deploy.yaml": homeless }, cluster });
      const unscheduled = await world.status(({ health }) => health.message.includes("Pod web-"), 60);
      expect(unscheduled.health).toMatchObject({
        status: "Progressing",
        message: expect.stringMatching(/0\/1 replicas available; Pod web-\S+: Unschedulable: .*persistentvolumeclaim/),
      });

      const name = await until("the Pod", async () => (await world.kubectl("get", "pods", "-o", "name")).trim());
      const waiting = { reason: "ImagePullBackOff", message: "no such image" };
      const container = { name: "app", image: "x", imageID: "", ready: false, restartCount: 0, state: { waiting } };
      const status = { phase: "Pending", containerStatuses: [container] };
      await world.kubectl("patch", name, "--subresource=status", "--type=merge", "-p", JSON.stringify({ status }));
      const stuck = await world.status(({ health }) => health.status === "Degraded", 90);
      expect(stuck.health.message).toMatch(/; Pod web-\S+: container app: ImagePullBackOff: no such image$/);
    });

    test("a wave that waits for a Deployment says which Pod keeps it", async () => {
      const cluster = await testCluster({ controllers: true });
      const later = yaml("v1", "ConfigMap", "later", {}, { annotations: { "plumbline.dev/wave": "1" } });
      await using world = await World.make({
        files: { "web/deploy.yaml": homeless, "web/later.yaml": later },
        cluster,
      });
      await world.plumbline.start();
      const { waiting } = await world.status((status) => status.waiting?.includes("Pod web-") === true, 60);
      expect(waiting).toMatch(
        /^wave 1 waits for Deployment \S+web: 0\/1 replicas available; Pod web-\S+: Unschedulable: .*persistentvolumeclaim/,
      );
    });
  },
  { controllers: true },
);

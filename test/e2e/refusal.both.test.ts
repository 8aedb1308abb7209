import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { until } from "./until.ts";
import { World } from "./world.ts";

const FILES = {
  "web/good.yaml": configMap("good", { colour: "blue" }),
  "web/bad.yaml": yaml("v1", "ConfigMap", "bad", { data: { a: 1 } }),
};

async function triesOfBad(world: World): Promise<number> {
  const events = await world.cluster.auditEvents({ verbs: ["patch"], namespace: world.namespace });
  return events.filter(({ objectRef }) => objectRef?.name === "bad").length;
}

describeTarget("an object that the server refuses", () => {
  test("is not sent again for every event of its siblings, which are healed all the same", async () => {
    await using world = await World.make({ files: FILES, sync: { interval: "1h" } });
    await world.plumbline.start();
    await world.status(({ problems }) => problems.some(({ code }) => code === "PL-KUBE-INVALID"));
    expect(await triesOfBad(world)).toBe(1);

    for (const colour of ["red", "green", "black"]) {
      await world.kubectl("patch", "configmap/good", "--type=merge", "-p", JSON.stringify({ data: { colour } }));
      await until(
        "healing",
        async () => (await world.object<{ data: { colour: string } }>("configmap", "good"))?.data.colour === "blue",
      );
    }

    expect(await triesOfBad(world)).toBe(1);
    const { problems, resources } = await world.status(({ lastPass }) => lastPass?.trigger === "drift");
    expect(problems).toMatchObject([{ code: "PL-KUBE-INVALID" }]);
    expect(resources.find(({ ref }) => ref.name === "bad")).toMatchObject({
      sync: "Pending",
      problem: { code: "PL-KUBE-INVALID" },
    });

    await world.plumbline.post(`/api/v1/applications/${world.application}/sync?wait=true&timeout=20s`);
    expect(await triesOfBad(world)).toBe(2);
  });
});

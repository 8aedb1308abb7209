import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { configMap, yaml } from "./manifests.ts";
import { World } from "./world.ts";

describeTarget("rules of health", () => {
  test("judge in place of the built-in verdict, decide over waves, and never show a Secret", async () => {
    await using world = await World.make({
      files: {
        "web/gate.yaml": configMap("gate", { open: "no" }),
        "web/key.yaml": yaml("v1", "Secret", "key", { stringData: { word: "hunter2hunter2" } }),
        "web/later.yaml": yaml("v1", "ConfigMap", "later", {}, { annotations: { "plumbline.dev/wave": "1" } }),
      },
      sync: { timeout: "5s" },
      spec: {
        health: [
          { name: "gate", healthy: "object.data.open == 'yes'", message: "'the gate is open: ' + object.data.open" },
          { kind: "Secret", suspended: "true", message: "string(object.data.word)" },
          { name: "later", healthy: "object.data." },
        ],
      },
    });
    await world.plumbline.start();
    const shut = await world.status(({ waiting }) => waiting?.includes("the gate is open: no") === true);
    expect(shut.waiting).toMatch(/^wave 1 waits for ConfigMap .*gate( and 1 more)?: the gate is open: no(, \d+ s)?$/);
    expect(shut.problems.map(({ code, where }) => `${code} ${where}`)).toContain(
      "PL-HEALTH-EXPRESSION spec.health[2].healthy",
    );
    expect(await world.object("configmap", "later")).toBeUndefined();

    await world.commit({ "web/gate.yaml": configMap("gate", { open: "yes" }) });
    const { resources } = await world.status(
      (status) => status.resources.find(({ ref }) => ref.name === "later")?.health.status === "Unknown",
    );
    const said = new Map(resources.map(({ ref, health }) => [ref.name, health]));
    expect(said.get("gate")).toEqual({ status: "Healthy", message: "the gate is open: yes" });
    expect(said.get("later")?.message).toMatch(/^spec\.health\[2\]\.healthy: /);
    expect(said.get("key")).toEqual({ status: "Suspended", message: "(masked)" });
    expect(JSON.stringify(resources) + world.plumbline.output).not.toMatch(/hunter2|aHVudGVyM/);
  });
});

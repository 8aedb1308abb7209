import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groupKindKey } from "../../src/model/index.ts";
import { STAGES } from "../../src/plan/index.ts";
import { describeCluster, startControlPlane } from "../controlplane/index.ts";
import { expectQuiet, expectQuietRestart } from "./quiet.ts";
import { World } from "./world.ts";

const RICH = join(import.meta.dirname, "../hand-edits/kinds");
const OTHERS = join(import.meta.dirname, "other-kinds.yaml");

/** Kinds of the stages that no manifest here is of. */
const LEFT_OUT = new Map([
  ["IPAddress.networking.k8s.io", "the server deletes those that belong to no Service of its own making"],
  ["VolumeAttachment.storage.k8s.io", "the controller deletes those that no Pod asks for"],
]);

/** Every object under a name of its own, so that no selector takes another's Pods; outside namespaces by the world's: $NAMESPACE. */
function filesOf(): { [path: string]: string } {
  const rich = readdirSync(RICH).flatMap((file) => {
    const texts = readFileSync(join(RICH, file), "utf8").split(/^---$/m);
    return texts.map((text, at): [string, string] => {
      const stem = file.replace(".yaml", "");
      const named = text.replaceAll("$ns", "$NAMESPACE").replaceAll("$name", `${stem}${at}-$NAMESPACE`);
      return [`web/${stem}-${at}.yaml`, named];
    });
  });
  return { ...Object.fromEntries(rich), "web/other-kinds.yaml": readFileSync(OTHERS, "utf8") };
}

describeCluster(
  "all kinds of all stages",
  () => {
    test("are applied once, and left alone through passes and a restart", { timeout: 400_000 }, async () => {
      await using cluster = await startControlPlane({ auditLog: true, controllers: true });
      await using world = await World.make({ files: filesOf(), cluster });
      await world.plumbline.start();
      const { resources } = await expectQuiet(world);
      const kinds = new Set(resources.map(({ ref }) => groupKindKey(ref)));
      await expectQuietRestart(world);

      const served = new Set(
        (await cluster.kubectl(["api-resources", "-o", "name", "--verbs=patch"])).stdout.split("\n"),
      );
      expect(served.size).toBeGreaterThan(50);
      const missing = STAGES.flatMap((stage) => stage.kinds).filter((kind) => !kinds.has(kind) && !LEFT_OUT.has(kind));
      expect(missing.filter((kind) => isServed(kind, served))).toEqual([]);
    });
  },
  { controllers: true },
);

/** By the plural that the server has for it. */
function isServed(kind: string, served: ReadonlySet<string>): boolean {
  const [name = "", ...group] = kind.split(".");
  const suffix = group.length === 0 ? "" : `.${group.join(".")}`;
  const single = name.toLowerCase();
  const plurals = [`${single}s`, `${single}es`, single.replace(/y$/, "ies"), single];
  return plurals.some((plural) => served.has(plural + suffix));
}

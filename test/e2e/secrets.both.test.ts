import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { yaml } from "./manifests.ts";
import { World } from "./world.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const WANTED = "wanted-Zq8vT2";
const TYPED = "typed-Xw5pK9";
const EDITED = "edited-Hn3mR7";
const REFUSED = "refused-Jd6cB1";
const KNOWN = [WANTED, TYPED, EDITED, REFUSED].flatMap((value) => [value, base64(value), base64(value).slice(0, -4)]);

const secret = (name: string, fields: object) => yaml("v1", "Secret", name, { type: "Opaque", ...fields });

/** Every text that Plumbline gave out: its logs, and every answer of its API. */
async function everything(world: World): Promise<string> {
  const paths = [
    "",
    "/resources",
    "/diff",
    "/diff?show=patch",
    "/diff?show=objects",
    "/plan",
    "/manifests",
    "/events",
    "/history",
  ].map((path) => `/api/v1/applications/default/web${path}`);
  const fleet = ["/api/v1/applications", "/api/v1/drift", "/metrics", "/readyz", "/openapi.json"];
  const answers = await Promise.all(
    [...paths, ...fleet].map(async (path) => await (await fetch(world.plumbline.address + path)).text()),
  );
  return [world.plumbline.output, ...answers].join("\n");
}

function dataFiles(dir: string): string {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes("/git"),
  );
  return files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")).join("\n");
}

describeTarget("values of Secrets", () => {
  test("are in no log line, answer, event, plan, diff or error, whatever happens to them", async () => {
    const files = {
      "web/a.yaml": secret("typed", { stringData: { password: TYPED } }),
      "web/b.yaml": secret("plain", { data: { password: base64(WANTED) } }),
    };
    await using world = await World.synced({ files, sync: { selfHeal: false }, args: ["--log-level", "debug"] });
    await world.kubectl(
      "patch",
      "secret/plain",
      "--type=merge",
      "-p",
      JSON.stringify({ stringData: { password: EDITED, extra: EDITED } }),
    );
    const drifted = await world.status(({ sync }) => sync.status === "Drifted");
    const change = drifted.resources.flatMap(({ changes }) => changes).find(({ path }) => path === "/data/password");
    expect(change).toMatchObject({ class: "drift", manager: "kubectl-patch" });
    expect(change?.desired).not.toEqual(change?.live);
    expect(KNOWN.filter((value) => drifted !== undefined && JSON.stringify(drifted).includes(value))).toEqual([]);

    await world.commit({
      "web/c.yaml": secret("refused", { data: { password: `${base64(REFUSED)}-is-no-base64` } }),
      "web/d.yaml": secret("broken", { stringData: { password: { nested: REFUSED } } }),
    });
    await world.status(({ resources }) => resources.filter(({ problem }) => problem !== undefined).length >= 1);
    await world.commit({
      "web/c.yaml": `apiVersion: v1\nkind: Secret\nmetadata: {name: tab}\ndata:\n\tpassword: ${base64(REFUSED)}\n`,
      "web/d.yaml": null,
    });
    await world.status(({ problems }) => problems.some(({ code }) => code === "PL-YAML-TAB"));

    const seen = (await everything(world)) + dataFiles(world.plumbline.dir);
    expect(KNOWN.filter((value) => seen.includes(value))).toEqual([]);
  });
});

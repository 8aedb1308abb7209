import { expect, test } from "vitest";
import { describeTarget } from "../target/index.ts";
import { World } from "./world.ts";

const CHART = { "web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n" };

const settings = (...lines: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: {{ .Release.Namespace }} }\ndata:\n${lines
    .map((line) => `  ${line}\n`)
    .join("")}`;

async function dataOf(world: World, name = "settings"): Promise<{ readonly [key: string]: string }> {
  const { data } = JSON.parse(await world.kubectl("get", "configmap", name, "-o", "json"));
  return data;
}

describeTarget("an application whose path is a chart", () => {
  test("is another release when its values change, and the same one from pass to pass", async () => {
    const template = settings(
      'greeting: "{{ .Values.greeting }}"',
      'release: "{{ .Release.Revision }} {{ .Release.IsUpgrade }}"',
      'served: "{{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }} {{ .Capabilities.APIVersions.Has "x.example/v1" }}"',
    );
    await using world = await World.synced({
      files: { ...CHART, "web/values.yaml": "greeting: one\n", "web/templates/a.yaml": template },
    });
    expect(await dataOf(world)).toEqual({ greeting: "one", release: "1 false", served: "true false" });
    const first = await world.status(() => true);
    await world.status(({ lastPass }) => (lastPass?.id ?? 0) >= (first.lastPass?.id ?? 0) + 2);
    expect((await dataOf(world))["release"]).toBe("1 false");

    const revision = await world.commit({ "web/values.yaml": "greeting: two\n" });
    await world.status(({ sync, source }) => source.revision === revision && sync.status === "Synced");
    expect(await dataOf(world)).toMatchObject({ greeting: "two", release: "2 true" });
    await world.plumbline.kill("SIGTERM");
    await world.plumbline.start();
    await world.status(({ sync, lastPass }) => sync.status === "Synced" && (lastPass?.id ?? 0) >= 2);
    expect((await dataOf(world))["release"]).toBe("2 true");
  });

  test("with a template that fails says where, and leaves everything as it is", async () => {
    await using world = await World.synced({
      files: { ...CHART, "web/values.yaml": "a: one\n", "web/templates/a.yaml": settings("a: {{ .Values.a }}") },
    });
    await world.commit({ "web/templates/a.yaml": settings('a: {{ fail "no more" }}') });
    const { problems } = await world.status((status) => status.problems.length > 0);
    expect(problems).toMatchObject([{ code: "PL-HELM-TEMPLATE", where: "web/templates/a.yaml:5:8" }]);
    expect(problems[0]?.message).toContain("no more");
    expect(await dataOf(world)).toEqual({ a: "one" });
    await world.commit({ "web/templates/a.yaml": settings("a: three") });
    await world.status(({ sync, problems: left }) => sync.status === "Synced" && left.length === 0);
    expect(await dataOf(world)).toEqual({ a: "three" });
  });

  test("looks live objects up, again in each pass", async () => {
    const template = settings(
      'seen: "{{ dig "data" "color" "none" (lookup "v1" "ConfigMap" .Release.Namespace "other") }}"',
    );
    await using world = await World.synced({ files: { ...CHART, "web/templates/a.yaml": template } });
    expect(await dataOf(world)).toEqual({ seen: "none" });
    const other = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "other", namespace: world.namespace } };
    await world.cluster.kubectl(["apply", "-f", "-"], JSON.stringify({ ...other, data: { color: "green" } }));
    await expect.poll(() => dataOf(world), { timeout: 20_000 }).toEqual({ seen: "green" });
  });

  test("keeps what chance gave it, with a warning, also after a restart", async () => {
    await using world = await World.synced({
      files: { ...CHART, "web/templates/a.yaml": settings('token: "{{ randAlphaNum 16 }}"') },
    });
    const { token } = await dataOf(world);
    const { warnings } = await world.status(() => true);
    expect(warnings).toEqual([expect.stringMatching(/^ConfigMap \S+: \/data\/token is another at each render/)]);
    await world.plumbline.kill("SIGTERM");
    await world.plumbline.start();
    await world.status(({ sync, lastPass }) => sync.status === "Synced" && (lastPass?.id ?? 0) >= 2);
    expect(await dataOf(world)).toEqual({ token });
  });
});

import { afterAll, expect, onTestFinished, test } from "vitest";
import type { Engine } from "../../src/render/index.ts";
import { describeEngine, newEngine } from "../engine/index.ts";
import { chart, rendering, settings } from "./rendering.ts";

const GOOD = chart({ "a.yaml": settings('{ a: "{{ .Values.a }}" }') }, "a: one\n");

/** Templates that never come to an end, or take everything there is: what becomes of each. */
const CASES: readonly (readonly [what: string, template: string, code: string])[] = [
  [
    "a loop without end",
    '{{ range until 1000000 }}{{ range until 1000000 }}{{ print "" }}{{ end }}{{ end }}',
    "PL-RENDER-TIMEOUT",
  ],
  [
    "a template that includes itself",
    '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
    "PL-HELM-TEMPLATE",
  ],
  [
    "templates that call each other without end",
    '{{ define "x" }}{{ template "y" . }}{{ end }}{{ define "y" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
    "PL-HELM-TEMPLATE|PL-RENDER-DEPTH",
  ],
  ["tpl of itself", "{{ tpl .Values.self . }}", "PL-RENDER-TIMEOUT|PL-RENDER-(DEPTH|MEMORY)|PL-HELM-TEMPLATE"],
  ["a gigabyte of text", '{{ range until 1000000 }}{{ repeat 1000 "0123456789" }}{{ end }}', "PL-RENDER-MEMORY"],
  ["a gigabyte in one word", '{{ repeat 1000000000 "x" }}', "PL-RENDER-MEMORY"],
  [
    "a text that doubles",
    '{{ $t := "x" }}{{ range until 40 }}{{ $t = printf "%s%s" $t $t }}{{ end }}',
    "PL-RENDER-MEMORY",
  ],
  ["a million objects", `{{ range until 20000 }}---\n${settings("{}", "c-{{ . }}")}{{ end }}`, "PL-YAML-TOO-MANY"],
];

describeEngine("a template", () => {
  let engine: Engine;
  afterAll(() => engine?.close());

  test.each(CASES)("of %s costs its own render and nothing else", async (_what, template, code) => {
    // On a busy machine the others take their time as well.
    const deadlineMs = code.startsWith("PL-RENDER-TIMEOUT") ? 2000 : 20_000;
    const engine = newEngine({ deadlineMs, memoryBytes: 160 * 2 ** 20, workers: 2 });
    onTestFinished(() => engine.close());
    const values = "self: '{{ tpl .Values.self . }}'\n";
    const [bad, beside] = await Promise.all([
      rendering(chart({ "a.yaml": template }, values), { engine }),
      rendering(GOOD, { engine }),
    ]);
    expect(bad.problems[0]?.code).toMatch(new RegExp(`^(${code})$`));
    expect(beside.problems).toEqual([]);
    const after = await rendering(GOOD, { engine });
    expect(after.manifests.map(({ object }) => object["data"])).toEqual([{ a: "one" }]);
  });

  test("reaches no file, no name server and no environment", async () => {
    engine ??= newEngine();
    const data = [
      '{{ .Files.Get "/etc/passwd" | quote }}',
      '{{ .Files.Get "../secret.txt" | quote }}',
      '{{ getHostByName "localhost" | quote }}',
      '{{ osBase "/etc/passwd" | quote }}',
    ].map((text, index) => `k${index}: ${text}`);
    const files = { ...chart({ "a.yaml": settings(`{ ${data.join(", ")} }`) }), "secret.txt": "hush" };
    const { manifests, problems } = await rendering(files, { engine });
    expect(problems).toEqual([]);
    expect(manifests[0]?.object["data"]).toEqual({ k0: "", k1: "", k2: "", k3: "passwd" });
    const env = await rendering(chart({ "a.yaml": '{{ env "HOME" }}' }), { engine });
    expect(env.problems).toMatchObject([{ code: "PL-HELM-TEMPLATE", where: "web/templates/a.yaml:1" }]);
  });

  test("that backtracks in a regular expression is as quick as any", async () => {
    engine ??= newEngine();
    const template = settings(`{ a: "{{ regexMatch "^(a+)+$" (printf "%sb" (repeat 5000 "a")) }}" }`);
    expect((await rendering(chart({ "a.yaml": template }), { engine })).manifests[0]?.object["data"]).toEqual({
      a: "false",
    });
  });

  test("with 20,000 lookups is refused after a thousand", async () => {
    engine ??= newEngine();
    let asked = 0;
    const resources = { lookup: async () => void asked++ as undefined };
    const template = '{{ range until 20000 }}{{ lookup "v1" "ConfigMap" "x" (printf "c-%d" .) }}{{ end }}';
    const { problems } = await rendering(chart({ "a.yaml": template }), { engine, resources });
    expect(problems).toMatchObject([{ code: "PL-RENDER-LOOKUP" }]);
    expect(asked).toBeLessThanOrEqual(1000);
  });
});

import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DEFAULT_LIMITS, type Engine } from "../../src/render/index.ts";
import type { EngineRequest, Question, Reply } from "../../src/render/wasm/protocol.ts";
import { describeEngine, newEngine, testEngine } from "../engine/index.ts";
import {
  chart,
  type Files,
  GOOD,
  type Rendering,
  rendering,
  renderingOf,
  repositoryOf,
  settings,
} from "./rendering.ts";

let own: Engine | undefined;
/** With a short deadline: what is refused for its amount is refused long before. */
function shortEngine(): Engine {
  own ??= newEngine({ deadlineMs: 2000 });
  return own;
}
afterAll(() => own?.close());

let patient: Engine | undefined;
/** For what is refused at its end only: on a busy machine that takes its time, which is not what is asked here. */
function patientEngine(): Engine {
  patient ??= newEngine({ deadlineMs: 100_000 });
  return patient;
}
afterAll(() => patient?.close());

type Options = Pick<Rendering, "source"> & {
  /** So many links to web/files, which are all its files again. */
  readonly links?: number;
};

async function codeAt(engine: Engine, files: Files, { links = 0, ...options }: Options = {}) {
  const root = repositoryOf(files);
  for (let index = 0; index < links; index++) symlinkSync("files", join(root, "web", `link-${index}`));
  const { problems } = await renderingOf(root, { engine, ...options });
  expect((await rendering(GOOD, { engine })).problems).toEqual([]);
  return problems[0]?.code;
}

function numbered(count: number, of: (index: number) => readonly [string, string]): Files {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => of(index)));
}

describeEngine("a chart", () => {
  const files = (count: number, text = ""): Files => numbered(count, (index) => [`web/files/${index}`, text]);

  test("of more files than are read is refused", async () => {
    expect(await codeAt(patientEngine(), { ...GOOD, ...files(1000) }, { links: 10 })).toBe("PL-RENDER-TOO-LARGE");
  });

  test("in a folder of a hundred thousand files is refused before they are read", async () => {
    expect(await codeAt(shortEngine(), { ...GOOD, ...files(1000) }, { links: 99 })).toBe("PL-RENDER-TOO-LARGE");
  });

  test("of more bytes than are read is refused", async () => {
    const large = files(3, "x".repeat(2 ** 20));
    expect(await codeAt(patientEngine(), { ...GOOD, ...large }, { links: 9 })).toBe("PL-RENDER-TOO-LARGE");
  });

  test("with a thousand values of --set that are lists of lists ends with a code or an answer", async () => {
    const set = Array.from({ length: 50 }, (_, index) => `a[65535].b${index}[65535].c=x`);
    const code = await codeAt(shortEngine(), GOOD, { source: { helm: { set } } });
    expect([undefined, "PL-RENDER-TIMEOUT", "PL-RENDER-MEMORY", "PL-HELM-VALUES"]).toContain(code);
  });
});

describeEngine("a kustomization", () => {
  const web = (lines: string, more: Files = {}): Files => ({ "web/kustomization.yaml": lines, ...more });
  /** Each level is two of the one before. */
  const levels = (count: number): Files => ({
    ...numbered(count, (index) => [
      `l${index}/kustomization.yaml`,
      `resources: [../l${index + 1}, ../m${index + 1}]\n`,
    ]),
    ...numbered(count, (index) => [
      `m${index}/kustomization.yaml`,
      `resources: [../l${index + 1}, ../m${index + 1}]\n`,
    ]),
  });

  test.each([
    ["whose bases double level by level", web("resources: [../l0, ../m0]\n", levels(40))],
    [
      "with aliases that multiply in an object",
      web("resources: [a.yaml]\n", { "web/a.yaml": `${settings("{}")}${laughs()}` }),
    ],
    [
      "with aliases that multiply in a patch",
      web("resources: [a.yaml]\npatches: [{ path: p.yaml }]\n", {
        "web/a.yaml": settings("{}"),
        "web/p.yaml": `${settings("{}")}${laughs()}`,
      }),
    ],
    ["of ten thousand bases that are not there", web(`resources: [${Array(10_000).fill("../none")}]\n`)],
  ])("%s ends with a code", async (_what, files) => {
    expect(await codeAt(shortEngine(), files)).toMatch(
      /^PL-(RENDER-(TIMEOUT|MEMORY|TOO-LARGE)|KUSTOMIZE-BUILD|YAML-\w+)$/,
    );
  });
});

function laughs(): string {
  const names = "abcdefghijkl".split("");
  const lines = names.map((name, index) => {
    const items = index === 0 ? "x" : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array(9).fill(items)}]`;
  });
  return `${lines.join("\n")}\n`;
}

describeEngine("a render that asks and asks", () => {
  const HELM = { name: "web", namespace: "shop", revision: 1, isUpgrade: false, values: "", set: [], setString: [] };
  const request = (valueFiles: readonly string[]): EngineRequest => ({
    kind: "helm",
    path: "/@/web",
    helm: { ...HELM, valueFiles, setFile: [], includeCrds: true, kubeVersion: "", apiVersions: [] },
  });
  const paths = (count: number): string[] => Array.from({ length: count }, (_, index) => `/@/v${index}.yaml`);
  const CHART = [["/@/web/Chart.yaml", Buffer.from("apiVersion: v2\nname: web\nversion: 1.0.0\n")]] as const;

  async function refusal(valueFiles: readonly string[], content: Uint8Array) {
    let asked = 0;
    const answer = async (question: Question): Promise<Reply> => {
      if (question.op !== "read") return { content: '{"kubeVersion":"v1.33.0","apiVersions":[]}' };
      asked++;
      return { content };
    };
    const output = { kind: "helm", repo: "r", revision: "1", path: "web", limits: DEFAULT_LIMITS } as const;
    const job = { request: request(valueFiles), output, whole: ["/@/web"], files: CHART, told: [] };
    const { failure } = await patientEngine().render(job, answer);
    return { asked, problem: failure?.problem };
  }

  test("is refused after twenty thousand files", async () => {
    const { asked, problem } = await refusal(paths(20_100), Buffer.from("a: 1\n"));
    expect([asked, problem?.code]).toEqual([20_000, "PL-RENDER-TOO-LARGE"]);
  });

  test("is refused after 256 MiB", async () => {
    const { asked, problem } = await refusal(paths(100), Buffer.alloc(4 * 2 ** 20, "#"));
    expect([asked, problem?.code]).toEqual([65, "PL-RENDER-TOO-LARGE"]);
  });
});

describeEngine("a warning", () => {
  test("of a megabyte is cut, and there are not more than a hundred", async () => {
    const name = `t${"x".repeat(900)}`;
    const values = (of: string): string =>
      Array.from({ length: 300 }, (_, index) => `${name}${index}: { a${name}: ${of} }\n`).join("");
    const deep = (of: string): string => `{ ${name}: { ${name}: { ${name}: ${of} } } }`;
    const files = {
      ...chart({ "a.yaml": settings("{}") }, values(deep("{ a: hush-1 }"))),
      "web/over.yaml": values(deep("hush-2")),
    };
    const source = { helm: { valueFiles: ["over.yaml"] } };
    const { warnings, problems } = await rendering(files, { engine: testEngine(), source });
    expect(problems).toEqual([]);
    expect(warnings.length).toBeLessThanOrEqual(100);
    expect(warnings.length).toBeGreaterThan(1);
    for (const warning of warnings) {
      expect(warning).toMatch(/^web: cannot overwrite table with non table for web\.t/);
      expect(warning).not.toContain("hush");
      expect(warning.length).toBeLessThan(2100);
    }
  });
});

import { DEFAULT_LIMITS, type Decoded, decode, type RenderLimits } from "../../src/render/index.ts";

interface DecodeText {
  readonly file?: string;
  readonly limits?: Partial<RenderLimits>;
}

/** Decodes a text as the file "web.yaml" of a repository. */
export function decodeText(text: string | Uint8Array, { file = "web.yaml", limits = {} }: DecodeText = {}): Decoded {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  return decode({ bytes, file, repo: "repo", revision: "r1", limits: { ...DEFAULT_LIMITS, ...limits } });
}

/** "PL-YAML-TAB web.yaml:5" of every problem. */
export function findings({ problems }: Pick<Decoded, "problems">): string[] {
  return problems.map(({ code, where }) => `${code} ${where}`);
}

/** A ConfigMap whose data is the given lines, in line 5 and below. */
export function configMap(data = "", name = "settings"): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata:\n${data}\n`;
}

/** The data of the one ConfigMap in a text that must be in order. */
export function dataOf(text: string): unknown {
  const { manifests, problems } = decodeText(text);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return manifests[0]?.object["data"];
}

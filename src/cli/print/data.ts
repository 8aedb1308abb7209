/** As `-o json` shows it. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** As `-o yaml` shows it: YAML that every version of it reads alike, without anchors. */
export async function printYaml(value: unknown): Promise<string> {
  const { dump } = await import("js-yaml");
  const plain: unknown = JSON.parse(JSON.stringify(value));
  return dump(plain, { lineWidth: -1, noRefs: true });
}

import { ERROR_CODES, type RetryKind } from "../../src/model/index.ts";

const AGAIN: Readonly<Record<RetryKind, string>> = {
  soon: "soon",
  interval: "at the next interval",
  revision: "at the next revision",
  never: "no",
};

const OPENING = `# Error codes

Every error of Plumbline, in a log, an answer of the API, a status or on the terminal, has one of these codes, says where (an
object, or file and line) and what to do next. The code is what programs may look at: it is never renamed and never used for
something else; texts may get better.

*Tried again* says when Plumbline tries by itself: soon (after a wait that grows with each failure), at the application's next
interval, at the next revision in Git (the same input would fail the same way), or not at all.

This file is made from \`src/model/codes.ts\` by \`npm run docs:errors\`; a test holds the two together.
`;

const TITLES: Readonly<Record<string, string>> = {
  INTERNAL: "Plumbline itself",
  CONFIG: "Settings, applications and start",
  USAGE: "Settings, applications and start",
  LISTEN: "Settings, applications and start",
  DATA: "Settings, applications and start",
  GIT: "Git",
  CHART: "Chart repositories",
  PATH: "Files in the repository",
  LINK: "Files in the repository",
  SUBMODULE: "Files in the repository",
  LFS: "Files in the repository",
  YAML: "YAML and JSON",
  MANIFEST: "Manifests",
  KIND: "Kinds and owners",
  OBJECT: "Kinds and owners",
  ADOPT: "Kinds and owners",
  IGNORE: "Kinds and owners",
  KUBE: "Kubernetes",
  APPLY: "Passes",
  PRUNE: "Passes",
  PASS: "Passes",
  DEPENDENCY: "Passes",
  WEBHOOK: "HTTP",
  API: "HTTP",
  SANDBOX: "Sandbox and demo",
  DEMO: "Sandbox and demo",
};

/** docs/errors.md, whole. A code whose prefix has no title stands under "Others". */
export function errorsDocument(): string {
  const sections = new Map<string, string[]>();
  for (const [code, { means, next, retry }] of Object.entries(ERROR_CODES)) {
    const title = TITLES[code.split("-")[1] ?? ""] ?? "Others";
    const rows = sections.get(title) ?? [];
    sections.set(title, [...rows, row([`\`${code}\``, means, next, AGAIN[retry]])]);
  }
  const parts = [...sections].map(([title, rows]) => `## ${title}\n\n${HEAD}\n${rows.join("\n")}\n`);
  return [OPENING, ...parts].join("\n");
}

const HEAD = "| code | what it means | what to do next | tried again |\n|---|---|---|---|";

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The import table of docs/architecture.md, one rule a row: a room may import what stands here and nothing else of src. */
const MAY_IMPORT = {
  model: [],
  kit: [],
  source: ["model", "kit"],
  cluster: ["model", "kit"],
  health: ["model", "kit"],
  render: ["model", "kit", "source"],
  diff: ["model", "kit"],
  plan: ["model", "kit", "diff"],
  apply: ["model", "kit", "cluster", "diff", "health", "plan"],
  report: ["model", "kit"],
  sync: ["model", "kit", "source", "cluster", "health", "render", "diff", "plan", "apply", "report"],
  api: ["model", "kit", "report", "sync"],
  web: ["api"],
  sandbox: ["model", "kit", "diff"],
  cli: [
    "model",
    "kit",
    "source",
    "render",
    "cluster",
    "diff",
    "health",
    "plan",
    "apply",
    "report",
    "sync",
    "api",
    "sandbox",
  ],
};

const roomRules = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `${room}-imports-downhill`,
  severity: "error",
  comment: `${room} may import: ${allowed.join(", ") || "nothing"}`,
  from: { path: `^src/${room}/` },
  to: { path: "^src/", pathNot: [`^src/${room}/`, ...allowed.map((other) => `^src/${other}/`)] },
}));

export default {
  forbidden: [
    ...roomRules,
    {
      name: "known-rooms",
      severity: "error",
      comment: "a new room needs a row in the table above and in docs/architecture.md",
      from: { path: "^src/", pathNot: `^src/(${Object.keys(MAY_IMPORT).join("|")})/` },
      to: {},
    },
    {
      name: "through-the-door",
      severity: "error",
      comment: "a room is entered through its index.ts; kit has one door a file",
      from: { path: "^src/([^/]+)/" },
      to: { path: "^src/[^/]+/", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$", "^src/kit/"] },
    },
    {
      name: "types-only",
      severity: "error",
      comment: "render knows the shape of a Snapshot, not Git; the page knows the API's answers, not its server",
      from: { path: "^src/(render|web)/" },
      to: { path: "^src/(source|api)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "type imports count",
      from: {},
      to: { circular: true },
    },
    {
      name: "pure-rooms-do-no-io",
      severity: "error",
      comment: "model, diff, health and plan are arithmetic on values; hashing is too",
      from: { path: "^src/(model|diff|health|plan)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    {
      name: "kit-does-no-io",
      severity: "error",
      comment: "kit waits, hashes and ends work that takes too long, but opens nothing",
      from: { path: "^src/kit/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?(crypto|timers/promises|vm)$" },
    },
    {
      name: "model-knows-one-library",
      severity: "error",
      comment: "schemas are data: docs/decisions/0004",
      from: { path: "^src/model/" },
      to: { path: "node_modules/", pathNot: "node_modules/typebox/" },
    },
    {
      name: "declared-dependencies",
      severity: "error",
      comment: "what src imports is in package.json's dependencies",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"] },
    },
    {
      name: "resolvable",
      severity: "error",
      comment: "an import that leads nowhere hides what it would break",
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Type imports are imports: a room that knows another's shapes depends on it. Needs test/tools/typescript-six.mjs.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};

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
  cli: ["model", "kit", "source", "render", "cluster", "diff", "health", "plan", "apply", "report", "sync", "api", "sandbox"],
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
      name: "through-the-door",
      severity: "error",
      comment: "a room is entered through its index.ts; kit has one door a file",
      from: { path: "^src/([^/]+)/" },
      to: { path: "^src/[^/]+/", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$", "^src/kit/"] },
    },
    {
      name: "types-only-from-source",
      severity: "error",
      comment: "render knows the shape of a Snapshot, not Git",
      from: { path: "^src/render/" },
      to: { path: "^src/source/", dependencyTypesNot: ["type-only"] },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "pure-rooms-do-no-io",
      severity: "error",
      comment: "model, diff, health and plan are arithmetic on values",
      from: { path: "^src/(model|diff|health|plan)/" },
      to: { dependencyTypes: ["core"], pathNot: "^(node:)?crypto$" },
    },
    { name: "declared-dependencies", severity: "error", from: {}, to: { dependencyTypes: ["npm-no-pkg", "npm-unknown", "npm-dev"] } },
  ],
  options: { doNotFollow: { path: "node_modules" }, tsPreCompilationDeps: true, tsConfig: { fileName: "tsconfig.json" }, enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] } },
};

const { readFileSync } = require("node:fs");

// Imports run one way: each wing may import what stands before it, never what comes after (ARCHITECTURE.md).
// Type imports count, since a circle of types is a circle for whoever reads.
const CONSTRUCTS = [
  "talos",
  "cilium",
  "network",
  "argocd",
  "flux",
  "governance",
  "admission",
  "backup",
  "observability",
  "app",
  "adoption",
];

const WINGS = [
  "^lib/core/",
  "^environments/",
  `^lib/(${CONSTRUCTS.join("|")})/`,
  "^lib/proofs/",
  "^apps/",
  "^(stacks/|main\\.ts$)",
  "^operations/",
  "^labs/",
];

const direction = WINGS.slice(0, -1).map((wing, index) => ({
  name: `nothing before ${wing} imports what comes after it`,
  severity: "error",
  from: { path: wing },
  to: { path: WINGS.slice(index + 1) },
}));

/** The files that hold environments, by the list that says which there are, and the list itself. */
const ENVIRONMENT_DATA = [
  "index",
  ...[
    ...readFileSync(`${__dirname}/environments/index.ts`, "utf8").matchAll(
      /^import \{.*"\.\/([\w-]+)\.ts"/gm,
    ),
  ].map(([, file]) => file),
];

module.exports = {
  forbidden: [
    ...direction,
    {
      name: "apps and constructs are handed their environment, parsed: they import no environment's data",
      severity: "error",
      from: { path: "^(apps|lib|stacks)/" },
      to: { path: `^environments/(${ENVIRONMENT_DATA.join("|")})\\.ts$` },
    },
    {
      name: "no circle of files",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no circle of folders",
      severity: "error",
      scope: "folder",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules|dist|cdktf\\.out)" },
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".js"], conditionNames: ["import"] },
  },
};

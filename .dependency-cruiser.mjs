// The direction of imports, as drawn in ARCHITECTURE.md. `npm run layers` checks it.
// Test files may import anything; so may tests/, bench/ and tools/.

const core = "^packages/core/src/";
const tests = "\\.test\\.ts$";
const testing = "^packages/testing/";

// Each layer of the kernel may import itself and what stands before it. Every other folder of core is a domain: it may
// import the kernel and other domains.
const mayImport = {
  model: [],
  ports: ["model"],
  journal: ["model", "ports"],
  policy: ["model", "ports"],
  kernel: ["model", "ports", "journal", "policy"],
};

const layers = Object.entries(mayImport).map(([layer, below]) => ({
  name: `core-${layer}`,
  comment: `${layer} may import ${below.join(", ") || "nothing of ours"}.`,
  severity: "error",
  from: { path: `${core}${layer}/`, pathNot: tests },
  to: { path: core, pathNot: [`${core}(${[layer, ...below].join("|")})/`, `${core}agent\\.ts$`] },
}));

export default {
  forbidden: [
    ...layers,
    {
      name: "contract-below-core",
      comment: "The contracts know zod and nothing of ours: they run in a browser.",
      severity: "error",
      from: { path: "^packages/contract/", pathNot: tests },
      to: { pathNot: ["^packages/contract/", "^node_modules/zod/"] },
    },
    {
      name: "core-below-host",
      comment: "core knows the contracts, and no other package of ours.",
      severity: "error",
      from: { path: "^packages/core/", pathNot: tests },
      to: { path: "^packages/(?!core/|contract/)" },
    },
    {
      name: "host-below-cli",
      comment: "host may import core and the contracts.",
      severity: "error",
      from: { path: "^packages/host/", pathNot: tests },
      to: { path: "^packages/(?!contract/|core/|host/)" },
    },
    {
      name: "host-has-a-public-side",
      comment: "index.ts is for other programs; our own packages load no more of the host than they need.",
      severity: "error",
      from: { path: "^packages/(?!testing/)", pathNot: tests },
      to: { path: "^packages/host/src/index\\.ts$" },
    },
    {
      name: "site-knows-the-contracts",
      comment: "The site runs in a browser: it sees the contracts, and reaches everything else by their client.",
      severity: "error",
      from: { path: "^apps/site/", pathNot: [tests, "\\.config\\.[jt]s$"] },
      to: { path: "^(packages|brain|tests|tools|bench)/", pathNot: "^packages/contract/" },
    },
    {
      name: "site-is-no-library",
      comment: "Nothing of the product imports the site; the build makes files of it.",
      severity: "error",
      from: { path: "^(packages|brain)/" },
      to: { path: "^apps/" },
    },
    {
      name: "agents-import-their-api",
      comment: "The sandbox gives an agent @mh/core/agent and no other module; all else goes through the kernel.",
      severity: "error",
      from: { path: "^brain/agents/", pathNot: tests },
      to: { pathNot: `${core}agent\\.ts$` },
    },
    {
      name: "testing-is-for-tests",
      comment: "In-memory adapters and fake clocks never reach the product.",
      severity: "error",
      from: { path: "^(packages|brain)/", pathNot: [tests, testing] },
      to: { path: testing },
    },
    {
      name: "no-tests-in-the-product",
      comment: "Nothing imports a test file, tests/, bench/ or tools/.",
      severity: "error",
      from: { path: "^packages/", pathNot: tests },
      to: { path: ["^(tests|bench|tools)/", tests] },
    },
    {
      name: "node-at-the-edges",
      comment:
        "Disk, network, clock and randomness are ports: only host and the CLI's main, connect, printer, pager, input and editor touch Node.",
      severity: "error",
      from: {
        path: "^(packages|brain)/",
        pathNot: [
          tests,
          testing,
          "^packages/host/",
          "^packages/cli/src/(main|connect|printer|pager|input|editor)\\.ts$",
        ],
      },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "no-cycles",
      comment: "Two files that need each other are one idea, or hide a third.",
      severity: "error",
      from: {},
      // Types may know each other both ways: a skill its call, a call its skill.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "no-orphans",
      comment: "A file that nothing imports is an entry, a test, or dead.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [tests, "^(tests|bench|tools|brain/agents)/", "^packages/cli/src/mh\\.ts$", "\\.d\\.ts$"],
      },
      to: {},
    },
    {
      name: "no-unresolved",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-undeclared-packages",
      comment: "A library is named in the package.json of the package that uses it.",
      severity: "error",
      from: { path: "^packages/", pathNot: tests },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"] },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "^dist/"] },
    exclude: { path: ["^dist/"] },
    // By TypeScript 6: version 7 has no compiler API for tools yet (npm run types checks with 7).
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["mh-source", "import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".cjs", ".json", ".svelte"],
    },
  },
};

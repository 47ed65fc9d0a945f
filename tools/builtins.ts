// An ES import of one of Node's own modules loads it and reads every export that it has, some of which load as much again.
// In the bundle a module of Node's is loaded when something of it is used first.
import { createRequire, isBuiltin } from "node:module";
import type { Plugin } from "esbuild";

const require = createRequire(import.meta.url);

/** Loads Node's own modules late, in what only a new Node runs. */
export const builtins: Plugin = {
  name: "builtins",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "import-statement" && isBuiltin(path) ? { path, namespace: "builtin" } : undefined,
    );
    build.onLoad({ filter: /./, namespace: "builtin" }, ({ path }) => ({ contents: lateModule(path), loader: "js" }));
  },
};

/** What Node itself has loaded before it begins: to take it costs nothing. */
const loadedAnyway = new Set(["node:buffer", "node:events", "node:fs", "node:path", "node:process", "node:url"]);

function lateModule(name: string): string {
  // The entry is read by an old Node, too, which has no such function: it is told so, and nothing else is used.
  const get = `process.getBuiltinModule?.(${JSON.stringify(name)})`;
  const module: unknown = require(name);
  // Some are functions, which nothing can stand in for.
  if (loadedAnyway.has(name) || typeof module !== "object" || module === null) return `module.exports = ${get};`;
  const keys = Object.keys(module).map((key) => JSON.stringify(key));
  const exports = keys.map((key) => `  get ${key}() { return load()[${key}]; },`);
  return [`let loaded; const load = () => (loaded ??= ${get});`, "module.exports = {", ...exports, "};"].join("\n");
}

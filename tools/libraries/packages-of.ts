import { isBuiltin } from "node:module";

/** The packages that specifiers name, each once and in order: what comes with Node is of none. */
export function packagesOf(specifiers: Iterable<string>): string[] {
  const names = [...specifiers].filter((each) => !isBuiltin(each)).map(packageOf);
  return [...new Set(names)].sort();
}

/** `@hono/node-server` of `@hono/node-server/serve-static`. */
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

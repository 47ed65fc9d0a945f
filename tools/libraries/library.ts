import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A package of ours that third parties may install. */
export interface Library {
  /** `host` of `@mh/host`. */
  name: string;
  /** Its public entries, as its package.json has them: `.` or `./feature`, each with its source below the checkout. */
  entries: Record<string, string>;
  /** Packages of ours whose files it carries itself where they are not public. */
  carries: readonly string[];
  dependencies: Record<string, string>;
}

export const root = join(import.meta.dirname, "..", "..");

/** In the order in which they build upon each other. */
export const libraries: readonly Library[] = [
  read("contract"),
  read("core"),
  // Three quarters of core serve the host alone. What both offer to others comes from core's own package, and so does
  // everything that exists once in a process.
  read("host", ["core"]),
  read("testing"),
];

function read(name: string, carries: string[] = []): Library {
  const text = readFileSync(join(root, "packages", name, "package.json"), "utf8");
  const { exports, dependencies } = JSON.parse(text) as {
    exports: Record<string, unknown>;
    dependencies: Record<string, string>;
  };
  const entries = Object.entries(exports).filter(([, target]) => typeof target === "string");
  const sources = entries.map(([subpath, target]) => [subpath, join("packages", name, target as string)]);
  return { name, entries: Object.fromEntries(sources), carries, dependencies };
}

/** `@mh/core/feature` of core's `./feature`. */
export const specifierOf = ({ name }: Library, subpath: string): string => `@mh/${name}${subpath.slice(1)}`;

/** What an entry's files are called: `index` of `.`, `feature` of `./feature`. */
export const outputOf = (subpath: string): string => (subpath === "." ? "index" : subpath.slice(2));

/** Whose source a file is; undefined where it is not one of ours. */
export function ownerOf(file: string): Library | undefined {
  const [folder, name, source] = file.split(sep);
  return folder === "packages" && source === "src" ? libraries.find((each) => each.name === name) : undefined;
}

/** The source that `@mh/core/…` means inside the checkout. */
export function sourceOf(specifier: string): string | undefined {
  const [, name, rest] = /^@mh\/(\w+)(?:\/(.*))?$/.exec(specifier) ?? [];
  const library = libraries.find((each) => each.name === name);
  if (!library) return undefined;
  return library.entries[rest === undefined ? "." : `./${rest}`] ?? join("packages", library.name, "src", rest ?? "");
}

/** A path as it stands in the checkout, from its root. */
export const fromRoot = (path: string): string => relative(root, path);

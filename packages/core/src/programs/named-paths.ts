import { isInside } from "../kernel/scope.ts";
import type { NamedPath } from "../ports/programs.ts";
import { programPath } from "./shell-words.ts";

/** What interpreters add to a name that they are given. */
const endings = [..."js mjs cjs ts json py sh rb pl".split(" ").map((each) => `.${each}`)];
const within = ["/index.js", "/package.json", "/__main__.py"];

/** What a program reads of the folder that it begins in, without being told: by this it is told what to run. */
const unasked: ReadonlyMap<string, readonly string[]> = new Map([
  ["make", ["GNUmakefile", "makefile", "Makefile"]],
  ["gmake", ["GNUmakefile", "makefile", "Makefile"]],
  ...["node", "nodejs", "npm", "npx", "pnpm", "yarn", "bun"].map((name): [string, string[]] => [
    name,
    ["package.json"],
  ]),
  ["deno", ["deno.json", "deno.jsonc"]],
  ["cmake", ["CMakeLists.txt"]],
  ["ninja", ["build.ninja"]],
  ["just", ["justfile", "Justfile", ".justfile"]],
  ["rake", ["Rakefile", "rakefile"]],
  ["cargo", ["Cargo.toml", "build.rs", ".cargo"]],
  ["go", ["go.mod"]],
  ["mvn", ["pom.xml"]],
  ["gradle", ["build.gradle", "build.gradle.kts", "settings.gradle"]],
  ["meson", ["meson.build"]],
  ["tox", ["tox.ini"]],
  ["pytest", ["conftest.py", "pytest.ini", "pyproject.toml"]],
  ["git", [".git/config", ".git/hooks", ".gitattributes", ".gitmodules"]],
]);

/**
 * The places in a folder that the arguments may name, each once: as a word, after `=`, `@`, a letter option, a colon or a
 * comma, with the endings that interpreters add, and what the program reads there unasked. Whether
 * anything is there is looked up by others.
 */
export function namedPaths([program = "", ...args]: readonly string[], folder: string): NamedPath[] {
  const named = new Map<string, string>();
  const add = (argument: string, word: string) => {
    const path = resolved(folder, word);
    if (path !== undefined && !named.has(path)) named.set(path, argument);
  };
  const base = programPath(program).replace(/^.*\//, "");
  for (const name of unasked.get(base) ?? []) add("argv[0]", name);
  for (const [n, word] of args.entries()) {
    const argument = `argv[${n + 1}]`;
    for (const each of spellings(word)) add(argument, each);
    if (word.startsWith("-")) continue;
    for (const ending of [...endings, ...within]) add(argument, word + ending);
  }
  return [...named].map(([path, argument]) => ({ argument, path }));
}

function spellings(word: string): string[] {
  const values = [word, ...(word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : [])];
  if (/^-[^-]/.test(word)) values.push(word.slice(2));
  const parts = values.flatMap((value) => [value, ...value.split(/[,:=]/)]);
  return [...new Set(parts.flatMap((part) => [part, part.replace(/^@/, "")]))].filter((part) => part !== "");
}

/** Undefined for what lies elsewhere: the sandbox shows nothing of it but the system's own. */
function resolved(folder: string, word: string): string | undefined {
  if (word.length > 4096 || word.includes("\0")) return undefined;
  const parts: string[] = [];
  for (const part of (word.startsWith("/") ? word : `${folder}/${word}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  const path = `/${parts.join("/")}`;
  return isInside(folder, path) ? path : undefined;
}

/** What handles files as data, and often replaces or removes what it is given: only the others' first file is held. */
const fileTools = new Set(
  "rm cp mv ln gzip gunzip bzip2 bunzip2 xz unxz zstd zip unzip tar dd tee sed patch truncate shred chmod install split git rsync".split(
    " ",
  ),
);

/** Whether the first file that a program is given says what it does, so that it is given a copy that nobody can write to. */
export const readsScript = (program: string): boolean => !fileTools.has(programPath(program).replace(/^.*\//, ""));

import { isInside } from "../model/scope.ts";
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
  ["ant", ["build.xml"]],
  ["sbt", ["build.sbt", "project"]],
  ["scons", ["SConstruct"]],
  ["task", ["Taskfile.yml", "Taskfile.yaml"]],
  ["bundle", ["Gemfile", "Gemfile.lock"]],
  ["composer", ["composer.json"]],
  ["nox", ["noxfile.py"]],
  ["gdb", [".gdbinit"]],
  ["latexmk", ["latexmkrc", ".latexmkrc"]],
  ...["pip", "pip3", "uv", "poetry", "hatch"].map((name): [string, string[]] => [name, ["pyproject.toml", "setup.py"]]),
  ...["docker", "docker-compose", "podman"].map((name): [string, string[]] => [
    name,
    ["Dockerfile", "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"],
  ]),
  ["git", [".git/config", ".git/hooks", ".gitattributes", ".gitmodules"]],
]);

/**
 * The places in a folder that the arguments may name, each once: as a word, as a part of one between signs (as in lists,
 * JSON and links), after letter options, with the endings that interpreters add, and what the program, or one that it is
 * told to run, reads there unasked. Whether anything is there is looked up by others.
 */
export function namedPaths([program = "", ...args]: readonly string[], folder: string): NamedPath[] {
  const named = new Map<string, string>();
  const add = (argument: string, word: string) => {
    const path = resolved(folder, word);
    if (path !== undefined && !named.has(path) && named.size < namedMax) named.set(path, argument);
  };
  for (const word of [program, ...args]) for (const name of unasked.get(baseOf(word)) ?? []) add("argv[0]", name);
  for (const [n, word] of args.entries()) {
    const argument = `argv[${n + 1}]`;
    for (const each of spellings(word, folder)) add(argument, each);
    if (word.startsWith("-")) continue;
    for (const ending of [...endings, ...within]) add(argument, word + ending);
  }
  return [...named].map(([path, argument]) => ({ argument, path }));
}

const baseOf = (word: string): string => word.replace(/^.*\//s, "");
/** What a name of a file rarely has within it, and lists, assignments, JSON, links and globs of options have. */
const signs = /[\s,:;=|&?#+@%^~!<>"'`(){}[\]]+/;
/** Letter options that may stand together before a value, as in `-xzvf`. */
const lettersMax = 8;
/** More places are not looked at, and the request says so. */
export const namedMax = 5_000;

function spellings(word: string, folder: string): string[] {
  const values = [word, ...(word.includes("=") ? [word.slice(word.indexOf("=") + 1)] : [])];
  if (/^-[^-]/.test(word)) for (let n = 2; n <= 1 + lettersMax; n += 1) values.push(word.slice(n));
  const at = word.indexOf(`${folder}/`);
  if (at > 0) values.push(word.slice(at));
  if (word.includes("%") && isEncoded(word)) values.push(decodeURIComponent(word));
  const parts = values.flatMap((value) => [value, ...value.split(/[,:=]/), ...value.split(signs).filter(isName)]);
  return [...new Set(parts.flatMap((part) => [part, part.replace(/^@+/, "")]))].filter((part) => part !== "");
}

/** A full stop by itself is none, and as a path it would be the whole folder. */
const isName = (part: string): boolean => /[^./]/.test(part);

function isEncoded(word: string): boolean {
  try {
    return decodeURIComponent(word) !== word;
  } catch {
    // A sign of per cent as such.
    return false;
  }
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
export const readsScript = (program: string): boolean => !fileTools.has(baseOf(programPath(program)));

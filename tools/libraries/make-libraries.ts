import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../packages/host/src/version.ts";
import { bundle, bundleProgram } from "./bundle.ts";
import { copyDeclarations, emitDeclarations, placeOf } from "./declarations.ts";
import { type Library, libraries, outputOf, root } from "./library.ts";

/** What the host runs beside itself, where it looks for it: inside the sandbox no other file is there. */
const programs = {
  ...{ "worker.js": "entry.ts", "relay.js": "relay-entry.ts", "watchdog.js": "watchdog-entry.ts" },
  "parser.js": "parser/parser-entry.ts",
};

const about: Record<string, string> = {
  contract: "What a home of mh can be asked for: contracts, values and their ends. For any program, also in a browser.",
  core: "What features and agents of mh are written with.",
  host: "Opens, serves and reaches a home of mh: a local-first personal-agent OS.",
  testing: "Tests features of mh against the real thing, with a clock that the test moves.",
};

/** Makes a folder for each library that `npm pack` takes as it is. Nothing in it runs at installation. */
export async function makeLibraries(out: string): Promise<void> {
  rmSync(out, { recursive: true, force: true });
  using declarations = emitDeclarations();
  for (const library of libraries) {
    const folder = join(out, library.name);
    const imported = await bundle(library, join(folder, "lib"));
    const named = copyDeclarations(library, declarations.folder, join(folder, "types"));
    if (library.name === "host") await addPrograms(folder);
    cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    const manifest = manifestOf(library, [...new Set([...imported, ...named])].sort());
    writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

/** The agents and words that come with mh lie in the host's package, and so does what runs in a process of its own. */
async function addPrograms(folder: string): Promise<void> {
  for (const [name, source] of Object.entries(programs))
    await bundleProgram(join("packages/host/src/sandbox", source), join(folder, "lib", name));
  for (const name of ["agents", "words"])
    cpSync(join(root, "brain", name), join(folder, "brain", name), { recursive: true });
}

function manifestOf(library: Library, imported: readonly string[]): object {
  const entries = Object.entries(library.entries).map(([subpath, source]) => {
    const types = `./types/${placeOf(source)}`;
    return [subpath, { types, default: `./lib/${outputOf(subpath)}.js` }];
  });
  const dependencies = imported.map((name) => [name, lockedVersion(name)]);
  return {
    ...{ name: `@mh/${library.name}`, version, description: about[library.name], license: "MIT", type: "module" },
    engines: { node: ">=24" },
    exports: Object.fromEntries(entries),
    dependencies: Object.fromEntries(dependencies),
  };
}

/** Exactly what was tested: the installed version, under the name that it is imported by. */
function lockedVersion(name: string): string {
  if (name.startsWith("@mh/")) return version;
  const wanted = libraries.map((each) => each.dependencies[name]).find((range) => range !== undefined);
  if (wanted === undefined) throw new Error(`${name} is imported, and no package.json of ours names it.`);
  const text = readFileSync(join(root, "node_modules", name, "package.json"), "utf8");
  const installed = JSON.parse(text) as { name: string; version: string };
  return wanted.startsWith("npm:") ? `npm:${installed.name}@${installed.version}` : installed.version;
}

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type Library, libraries, ownerOf, root, sourceOf } from "./library.ts";
import { packagesOf } from "./packages-of.ts";
import { namesIn, publicEntry } from "./public-names.ts";

/** Declarations of all our packages, in a folder of their own until it is disposed. */
export function emitDeclarations(): { folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "mh-types-"));
  const project = join(folder, "tsconfig.json");
  // All sources by name: what is found only by way of node_modules counts as another's, and is not emitted.
  const include = libraries.map(({ name }) => join(root, "packages", name, "src"));
  const exclude = [join(root, "packages/**/*.test.ts")];
  const options = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: folder, rootDir: root };
  const compilerOptions = { ...options, typeRoots: [join(root, "node_modules", "@types")] };
  writeFileSync(project, JSON.stringify({ extends: join(root, "tsconfig.json"), compilerOptions, include, exclude }));
  const compiler = join(root, "node_modules", "typescript7", "bin", "tsc");
  execFileSync(process.execPath, [compiler, "--project", project], { cwd: root, stdio: "inherit" });
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Writes the declarations that a library's entries need to `out`, and gives the packages that those import. */
export function copyDeclarations(library: Library, emitted: string, out: string): string[] {
  const queue = Object.values(library.entries);
  const seen = new Set(queue);
  const named = new Set<string>();
  for (let source = queue.shift(); source !== undefined; source = queue.shift()) {
    const from = source;
    const text = readFileSync(join(emitted, from.replace(/\.ts$/, ".d.ts")), "utf8");
    const written = text.replaceAll(
      reference,
      (whole, head: string, list: string | undefined, quoted: string, tail) => {
        const specifier = quoted.slice(1, -1);
        const file = specifier.startsWith(".") ? join(dirname(from), specifier) : sourceOf(specifier);
        if (file === undefined || !ownerOf(file)) {
          named.add(specifier);
          return whole;
        }
        const names = tail ? [tail.slice(2)] : namesIn(list ?? "");
        const entry = ownerOf(file) === library ? undefined : publicEntry(file, names);
        if (entry) {
          named.add(entry);
          return `${head}"${entry}"${tail ?? ""}`;
        }
        refuseForeign(library, from, file);
        if (!seen.has(file)) queue.push(file);
        seen.add(file);
        return `${head}"${pathTo(from, file)}"${tail ?? ""}`;
      },
    );
    const target = join(out, placeOf(from));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, written);
  }
  return packagesOf(named);
}

/** `import { A, B } from "…"`, `export * from "…"`, `import("…").A`. */
const reference = /((?:(?:import|export)\s+(?:type\s+)?(?:\{([^}]*)\}|\*)\s+from\s+)|import\()("[^"]+")(\)\.\w+)?/g;

/** Where a source's declaration lies in the package: its own package's name first. */
export const placeOf = (source: string): string =>
  source.replace(/^packages\/(\w+)\/src\//, "$1/").replace(/\.ts$/, ".d.ts");

function pathTo(from: string, file: string): string {
  const path = relative(dirname(placeOf(from)), placeOf(file)).replace(/\.d\.ts$/, ".js");
  return path.startsWith(".") ? path : `./${path}`;
}

function refuseForeign(library: Library, from: string, file: string): void {
  const owner = ownerOf(file);
  if (owner === library || (owner && library.carries.includes(owner.name))) return;
  throw new Error(`The types of @mh/${library.name} (${from}) name something of ${file} that is not public.`);
}

import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { fromRoot, type Library, outputOf, ownerOf, root, sourceOf } from "./library.ts";
import { packagesOf } from "./packages-of.ts";
import { mustBeOne, publicEntry, runtimeNames } from "./public-names.ts";

/** Bundles a library's entries, and gives the packages that they import. */
export async function bundle(library: Library, outdir: string): Promise<string[]> {
  const entryPoints = Object.entries(library.entries).map(([subpath, source]) => ({
    in: source,
    out: outputOf(subpath),
  }));
  const { metafile } = await build({
    ...{ absWorkingDir: root, entryPoints, outdir, plugins: [oursOnce(library)] },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // Whatever is not ours is installed beside it.
    packages: "external",
    legalComments: "external",
    logLevel: "warning",
    metafile: true,
  });
  refuseDoubles(library, metafile);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return packagesOf(imports.filter((each) => each.external).map(({ path }) => path));
}

/** What a public entry of another package of ours offers is imported from there, whoever's file asks for it. */
function oursOnce(library: Library): Plugin {
  return {
    name: "ours-once",
    setup({ onResolve }) {
      onResolve({ filter: /^(\.|@mh\/)/ }, ({ path, importer, resolveDir, kind }) => {
        if (kind === "entry-point") return undefined;
        const file = path.startsWith(".") ? fromRoot(join(resolveDir, path)) : sourceOf(path);
        const owner = file === undefined ? undefined : ownerOf(file);
        if (!file || !owner) return undefined;
        if (owner === library) return { path: join(root, file) };
        const entry = publicEntry(file, runtimeNames(file));
        if (entry) return { path: entry, external: true };
        if (library.carries.includes(owner.name)) return { path: join(root, file) };
        return { errors: [{ text: `${fromRoot(importer)} needs ${file}, of which not all is public.` }] };
      });
    },
  };
}

/** A class that two packages each have a copy of is two classes: `instanceof` would be wrong in one of them. */
function refuseDoubles(library: Library, { inputs }: Metafile): void {
  const carried = Object.keys(inputs).filter((file) => ownerOf(file) !== library && mustBeOne(file));
  const doubles = carried.filter((file) => shared.has(file));
  for (const file of Object.keys(inputs)) if (ownerOf(file) === library) shared.add(file);
  if (doubles.length === 0) return;
  throw new Error(
    `@mh/${library.name} would carry a second copy of ${doubles.join(", ")}. Make it public, or move it.`,
  );
}

/** Files that an earlier library has in it. */
const shared = new Set<string>();

/** A program that stands alone, in one file. */
export async function bundleProgram(source: string, outfile: string): Promise<void> {
  const options = { bundle: true, format: "esm", platform: "node", target: "node24" } as const;
  await build({ ...options, absWorkingDir: root, entryPoints: [source], outfile, logLevel: "warning" });
}

// esbuild cuts a chunk for each set of entries that share code, some eighty of them on the way of a capture, and opening a
// file costs as much as running what stands in most. What is loaded together anyway is put into a few files here.
import { createHash } from "node:crypto";
import { isBuiltin } from "node:module";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Metafile, type OutputFile, type Plugin } from "esbuild";

type Output = Metafile["outputs"][string];

/** A file that takes the place of many. */
interface Pack {
  name: string;
  /** What it holds, as paths of the metafile. */
  chunks: string[];
}

export interface PackSettings {
  /** Entries that every command loads, but for help and status. */
  client: readonly string[];
  /** Parts of paths of what these must never come to import. */
  notForClient: readonly string[];
  /** Entries with which a home is opened. */
  home: readonly string[];
  /** Whether an entry may run where no home is opened: it is spared what only an open home needs. */
  isLight(entry: string): boolean;
  /** Sources that do much as soon as they are loaded. */
  heavy: readonly string[];
  /** Bytes from which on a chunk is a library of its own. */
  libraryBytes: number;
}

/** The same program in fewer files. */
export async function packChunks(
  files: OutputFile[],
  metafile: Metafile,
  settings: PackSettings,
  options: BuildOptions & { absWorkingDir: string },
): Promise<OutputFile[]> {
  const { absWorkingDir: root } = options;
  const { outputs } = metafile;
  const packs = choosePacks(outputs, settings);
  const texts = new Map(files.map((file) => [file.path, file.text]));
  const mapOf = (path: string) => texts.get(`${path}.map`);
  const homes = new Map(packs.flatMap((pack) => pack.chunks.map((chunk) => [join(root, chunk), pack] as const)));
  const made = await Promise.all(
    packs.map((pack) =>
      bundled(pack, { outputs, homes, root, textOf: (path) => withMap(path, texts, mapOf) }, options),
    ),
  );
  const digest = createHash("sha256");
  for (const [, code] of made.flat()) digest.update(code);
  const version = digest.digest("hex").slice(0, 8);

  const left = files.filter(({ path }) => !homes.has(path.replace(/\.map$/, "")));
  const contents = new Map([...left.map(({ path, text }) => [path, text] as const), ...made.flat()]);
  const references = rewriter(outputs, homes, root, version);
  const moved = movedBy(contents, references);
  const result = new Map<string, string>();
  for (const [path, text] of contents) {
    const name = basename(path);
    const to = moved.has(name.replace(/\.map$/, "")) ? join(dirname(path), renamed(name, version)) : path;
    result.set(to, path.endsWith(".map") ? text : rewritten(path, text, references, moved, version));
  }
  refuseLost(result, [...homes.keys()]);
  return [...result].map(([path, text]) => outputFile(path, text));
}

/** What is in which pack. Packs need one another in one direction only, so that they are evaluated as the chunks were. */
function choosePacks(outputs: Record<string, Output>, settings: PackSettings): Pack[] {
  const entries = new Map(
    Object.entries(outputs).flatMap(([path, { entryPoint }]) => (entryPoint ? [[entryPoint, path] as const] : [])),
  );
  const needs = (from: readonly string[]): Set<string> => {
    const seen = new Set<string>();
    const visit = (path: string) => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { path: next, kind, external } of outputs[path]?.imports ?? [])
        if (kind === "import-statement" && !external) visit(next);
    };
    for (const path of from) visit(path);
    return seen;
  };
  const pathOf = (entry: string): string => {
    const path = entries.get(entry);
    if (!path) throw new Error(`${entry} is no entry of its own; tools/build.ts names what is loaded together.`);
    return path;
  };
  const isEntryFile = (path: string) => !path.includes("/chunks/");
  const client = new Set([...needs(settings.client.map(pathOf))].filter((path) => !isEntryFile(path)));
  const inputs = [...client].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  const unwanted = inputs.find((input) => settings.notForClient.some((part) => input.includes(part)));
  if (unwanted) throw new Error(`Every command would load ${unwanted}; tools/build.ts says what must not be.`);
  const light = needs([...entries].filter(([entry]) => settings.isLight(entry)).map(([, path]) => path));
  const opening = [...needs(settings.home.map(pathOf))].filter((path) => !client.has(path));
  const home = opening.filter((path) => !light.has(path));
  const isLibrary = (path: string) => (outputs[path]?.bytes ?? 0) > settings.libraryBytes;
  const isBare = (path: string) =>
    !Object.keys(outputs[path]?.inputs ?? {}).some((input) => settings.heavy.includes(input)) &&
    (outputs[path]?.imports ?? []).every(({ external, path: to }) => !external || isBuiltin(to));
  // Small things that need nothing but each other and plain libraries.
  const shared = opening.filter((path) => {
    const all = [...needs([path])];
    return (
      light.has(path) && !isLibrary(path) && all.every((each) => isBare(each) && (light.has(each) || client.has(each)))
    );
  });
  return [
    { name: "client", chunks: [...client] },
    { name: "shared", chunks: shared },
    { name: "home", chunks: home },
  ];
}

type Sources = {
  outputs: Record<string, Output>;
  homes: Map<string, Pack>;
  root: string;
  textOf: (path: string) => string;
};

/** One pack, its names those of the chunks with the chunk's number before them. */
async function bundled(pack: Pack, sources: Sources, options: BuildOptions): Promise<[string, string][]> {
  const { outputs, homes, root, textOf } = sources;
  const contents = pack.chunks.map((chunk) => exportsOf(outputs, chunk, join(root, chunk))).join("\n");
  const chunks: Plugin = {
    name: "chunks",
    setup(build) {
      build.onResolve({ filter: /./ }, ({ path, importer, kind, namespace }) => {
        if (kind === "entry-point") return { path, namespace: "pack" };
        const full = path.startsWith("/") ? path : join(dirname(importer), path);
        if (namespace === "pack" || homes.get(full) === pack) return { path: full, namespace: "file" };
        // Everything lies in one folder, so that a name is the same from wherever it is read.
        return { path: path.startsWith(".") ? `./${basename(path)}` : path, external: true };
      });
      build.onLoad({ filter: /./, namespace: "pack" }, () => ({ contents, loader: "js", resolveDir: root }));
      build.onLoad({ filter: /\.js$/, namespace: "file" }, ({ path }) => ({ contents: textOf(path), loader: "js" }));
    },
  };
  const { outputFiles } = await build({
    ...options,
    entryPoints: [{ in: pack.name, out: `chunks/${pack.name}` }],
    plugins: [chunks],
    bundle: true,
    splitting: false,
    write: false,
    metafile: false,
    // The chunks' own files hold them.
    legalComments: "none",
  });
  return (outputFiles ?? []).map(({ path, text }) => [path, text]);
}

/** Where a chunk's exports are, under names that no other chunk has. */
function exportsOf(outputs: Record<string, Output>, chunk: string, path: string): string {
  const names = (outputs[chunk]?.exports ?? []).map((name) => `${name} as ${inPack(path, name)}`);
  const from = JSON.stringify(path);
  const whole = outputs[chunk]?.entryPoint ? `export * as ${inPack(path, "all")} from ${from};` : "";
  return names.length === 0 ? `import ${from};${whole}` : `export { ${names.join(", ")} } from ${from};${whole}`;
}

const inPack = (path: string, name: string): string => `${basename(path, ".js").replace(/\W/g, "_")}__${name}`;

interface References {
  /** A chunk's file name with that of its pack. */
  packOf: Map<string, string>;
  pathOf: Map<string, string>;
}

function rewriter(
  outputs: Record<string, Output>,
  homes: Map<string, Pack>,
  root: string,
  version: string,
): References {
  const packOf = new Map([...homes].map(([path, { name }]) => [basename(path), `${name}-${version}.js`]));
  const pathOf = new Map(Object.keys(outputs).map((path) => [basename(path), join(root, path)]));
  return { packOf, pathOf };
}

const reference = /"(\.\/(?:chunks\/)?)([\w.-]+\.js)"/g;

/** Names of the files that say where something packed lies, or where one of these does: they go by another name now. */
function movedBy(contents: Map<string, string>, { packOf }: References): Set<string> {
  const codes = [...contents].filter(([path]) => path.includes("/chunks/") && path.endsWith(".js"));
  const moved = new Set<string>();
  for (let before = -1; before !== moved.size; ) {
    before = moved.size;
    for (const [path, text] of codes)
      if ([...text.matchAll(reference)].some(([, , name = ""]) => packOf.has(name) || moved.has(name)))
        moved.add(basename(path));
  }
  for (const name of new Set(packOf.values())) moved.add(name.replace(/-\w+\.js$/, ".js"));
  return moved;
}

const renamed = (name: string, version: string): string => name.replace(/\.js(\.map)?$/, `-${version}.js$1`);

/** A file's text with the new names; line by line it stays the same, so that its source map stays true. */
function rewritten(path: string, text: string, references: References, moved: Set<string>, version: string): string {
  const { packOf, pathOf } = references;
  const nameFor = (folder: string, name: string) => `"${folder}${moved.has(name) ? renamed(name, version) : name}"`;
  const own = moved.has(basename(path)) ? renamed(basename(path), version) : basename(path);
  return text
    .replace(/^import(?: \{([^}]*)\} from)? "(\.\/(?:chunks\/)?)([\w.-]+\.js)";/gm, (all, names, folder, name) => {
      const pack = packOf.get(name);
      if (!pack) return all;
      if (names === undefined) return `import "${folder}${pack}";`;
      return `import {${inNames(names, pathOf.get(name) ?? name)}} from "${folder}${pack}";`;
    })
    .replace(/import\("(\.\/(?:chunks\/)?)([\w.-]+\.js)"\)/g, (all, folder, name) => {
      const pack = packOf.get(name);
      return pack ? `import("${folder}${pack}").then((pack) => pack.${inPack(pathOf.get(name) ?? name, "all")})` : all;
    })
    .replace(reference, (_, folder, name) => nameFor(folder, name))
    .replace(/^\/\/# sourceMappingURL=.*$/m, () => `//# sourceMappingURL=${own}.map`);
}

/** `a, b as c` as a pack calls them. */
function inNames(names: string, path: string): string {
  return names.replace(/([\w$]+)(?: as ([\w$]+))?/g, (_, name, as) => `${inPack(path, name)} as ${as ?? name}`);
}

function refuseLost(result: Map<string, string>, gone: readonly string[]): void {
  const names = new Set(gone.map((path) => basename(path)));
  for (const [path, text] of result) {
    const lost = path.endsWith(".js")
      ? [...text.matchAll(reference)].find(([, , name = ""]) => names.has(name))
      : undefined;
    if (lost) throw new Error(`${path} still names ${lost[2]}, which is packed.`);
  }
}

/** A chunk with its source map inside, which the pack's own map is then made from. */
function withMap(path: string, texts: Map<string, string>, mapOf: (path: string) => string | undefined): string {
  const text = texts.get(path) ?? "";
  const map = mapOf(path);
  if (map === undefined) return text;
  const inline = `data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, () => `//# sourceMappingURL=${inline}`);
}

function outputFile(path: string, text: string): OutputFile {
  const contents = Buffer.from(text);
  return { path, contents, text, hash: "" };
}

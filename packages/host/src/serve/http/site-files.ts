import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";

const fileSchema = z.strictObject({
  type: z.string(),
  /** SHA-256 of its bytes, base64url. */
  hash: z.string(),
  /** Its name changes with its bytes, so that it may be kept for ever. */
  isFixed: z.boolean(),
  /** Of a page: hashes of the scripts and styles that stand in it (CSP Level 3). */
  scripts: z.array(z.string()).default([]),
  styles: z.array(z.string()).default([]),
  /** Also there in these encodings, as a file of that name and ending. */
  encodings: z.array(z.enum(["br", "gz"])).default([]),
});
const manifestSchema = z.strictObject({
  /** Of all that the site was made from. */
  sources: z.string(),
  /** By the path that a browser asks for. */
  files: z.record(z.string(), fileSchema.extend({ file: z.string() })),
});
export type SiteManifest = z.input<typeof manifestSchema>;
export type SiteFile = z.output<typeof manifestSchema>["files"][string];

export const manifestName = "site.json";
/** The service worker: it governs the site from its root. */
export const workerName = "worker.js";

/** The site as `npm run build` left it. It is read when it is first asked for, and again when it was built anew. */
export class SiteFiles {
  readonly #folder: string | undefined;
  #read: { at: number; files: Map<string, SiteFile> } | undefined;

  constructor(folder = siteFolder()) {
    this.#folder = folder;
  }

  /** Undefined where the site has no such path, or was never built. */
  find(asked: string): SiteFile | undefined {
    if (this.#folder === undefined) return undefined;
    const manifest = path.join(this.#folder, manifestName);
    const at = fs.statSync(manifest, { throwIfNoEntry: false })?.mtimeMs;
    if (at === undefined) return undefined;
    if (this.#read?.at !== at) {
      const { files } = manifestSchema.parse(JSON.parse(fs.readFileSync(manifest, "utf8")));
      this.#read = { at, files: new Map(Object.entries(files)) };
    }
    return this.#read.files.get(asked);
  }

  /** Undefined where a build took it away in this moment. */
  read({ file }: SiteFile, encoding: "br" | "gz" | undefined): Buffer<ArrayBuffer> | undefined {
    const name = encoding ? `${file}.${encoding}` : file;
    try {
      return fs.readFileSync(path.join(this.#folder ?? "", name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }
}

/** Beside the program where it is bundled; where the build puts it, in a clone. */
function siteFolder(): string | undefined {
  const places = ["site", "../site", "../../../../../dist/site"];
  const folders = places.map((place) => path.join(import.meta.dirname, place));
  return folders.find((folder) => fs.existsSync(path.join(folder, manifestName))) ?? folders.at(-1);
}

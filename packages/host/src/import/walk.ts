import * as fs from "node:fs";
import * as path from "node:path";
import type { Ended, Found } from "@mh/core/memory/import/found.ts";
import { isBackupFolder } from "@mh/core/memory/import/passed-over.ts";
import type { FileKind, InputFile } from "./source.ts";

export interface Walked {
  files: InputFile[];
  ended: Ended[];
  remarks: Found[];
}

/** What a file is read as, or how it ends unread. */
export type Told = { kind: FileKind } | { fate: "skipped" | "passed over"; kind: string; note?: string };

/** Tells files apart by name and beginning; `beside` are the names of all that lies in its folder. */
export type Tell = (file: { name: string; path: string; sizeBytes: number }, beside: ReadonlySet<string>) => Told;

const depthMax = 64;

/** Every file below a folder, sorted by name: to be read, or how it ended. Links are not followed, and said. */
export class Walk implements Walked {
  readonly files: InputFile[] = [];
  readonly ended: Ended[] = [];
  readonly remarks: Found[] = [];
  /** Every folder could be read: what was not seen is not there. */
  isWhole = true;
  readonly #base: string;
  readonly #tell: Tell;

  constructor(base: string, tell: Tell) {
    this.#base = base;
    this.#tell = tell;
  }

  /** Takes in what lies below a folder. `mails` is given what looks like a Maildir, and says whether it took it. */
  visit(folder: string, mails: (folder: string) => boolean, depth = 0): void {
    const entries = this.entries(folder);
    const beside = new Set(entries.map(({ name }) => name));
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      if (!entry.isDirectory()) this.take(entry, full, beside);
      else if (isClosed(entry.name, this.nameOf(full))) this.close(full, closedKind(entry.name, this.nameOf(full)));
      else if (depth >= depthMax) this.close(full, "folder", "The folder lies too deep and was passed over.");
      else if (!mails(full)) this.visit(full, mails, depth + 1);
    }
  }

  /** One file: to be read, or how it ended. `kind` is what its place says of it, whatever its name may look like. */
  take(entry: fs.Dirent, full: string, beside: ReadonlySet<string>, kind?: FileKind): void {
    const name = this.nameOf(full);
    if (entry.isSymbolicLink()) {
      this.remarks.push({ note: "It is a link and was not followed.", where: name });
      return this.end("passed over", kindByName(name), name);
    }
    if (!entry.isFile()) {
      this.remarks.push({ note: "It is a pipe or a device and was not read.", where: name });
      return this.end("skipped", "no file of text", name);
    }
    if (name.includes("\uFFFD") && !fs.existsSync(full)) {
      this.remarks.push({
        refused: "Its name is not UTF-8. Rename it, and import again.",
        externalId: null,
        where: name,
      });
      return this.end("refused", kindByName(name), name);
    }
    const stat = fs.statSync(full, { throwIfNoEntry: false });
    const file = { path: full, name, sizeBytes: stat?.size ?? 0, mtimeMs: stat?.mtimeMs ?? 0 };
    const told = kind === undefined ? this.#tell(file, beside) : { kind };
    if (!("fate" in told)) return void this.files.push({ ...file, kind: told.kind });
    if (told.note !== undefined) this.remarks.push({ note: told.note, where: name });
    this.end(told.fate, told.kind, name);
  }

  /** A folder that nobody looks into: its files are counted. */
  close(folder: string, kind: string, note?: string): void {
    const files = this.#count(folder);
    const where = this.nameOf(folder);
    if (note !== undefined) this.remarks.push({ note, where });
    if (files > 0) this.ended.push({ end: { fate: note ? "passed over" : "skipped", kind, files }, where });
  }

  /** What lies in a folder; one below the base that may not be read is said instead. */
  entries(folder: string): fs.Dirent[] {
    try {
      return fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (folder === this.#base || !["EACCES", "EPERM", "ENOENT"].includes(code ?? "")) throw error;
      this.isWhole = false;
      const where = this.nameOf(folder);
      const note = where.includes("\uFFFD")
        ? "The folder's name is not UTF-8 and it was passed over. Rename it, and import again."
        : "The folder may not be read and was passed over.";
      this.remarks.push({ note, where });
      return [];
    }
  }

  nameOf(full: string): string {
    return nameIn(this.#base, full);
  }

  end(fate: Ended["end"]["fate"], kind: string, where: string): void {
    this.ended.push({ end: { fate, kind, files: 1 }, where });
  }

  #count(folder: string): number {
    return this.entries(folder).reduce(
      (sum, entry) => sum + (entry.isDirectory() ? this.#count(path.join(folder, entry.name)) : 1),
      0,
    );
  }
}

const isClosed = (name: string, place: string): boolean =>
  name.startsWith(".") || name === "node_modules" || isBackupFolder(place);

const closedKind = (name: string, place: string): string => (isBackupFolder(place) ? "backups and trash" : name);

/** How a file's name ends, without the dot: what it is called by where nobody reads it. */
export function kindByName(name: string): string {
  const extension = path.extname(name).slice(1).toLowerCase();
  return /^[a-z0-9_-]{1,12}$/.test(extension) ? extension : "no extension";
}

export function inputFile(full: string, base: string, kind: FileKind): InputFile {
  const stat = fs.statSync(full, { throwIfNoEntry: false });
  return { path: full, name: nameIn(base, full), sizeBytes: stat?.size ?? 0, mtimeMs: stat?.mtimeMs ?? 0, kind };
}

export function nameIn(base: string, full: string): string {
  return path.relative(base, full).split(path.sep).join("/");
}

import type { Files } from "../ports/files.ts";
import type { Manifest } from "./manifest.ts";

/** An archive that is being written. Nothing stands under its name before `finish`. */
export interface ArchiveWriter extends Disposable {
  /** Adds a file, as its bytes come; gives its size and hash. */
  add(
    path: string,
    chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<{ bytes: number; sha256: string }>;
  /** Puts the archive in place, durable; gives its size. */
  finish(): Promise<number>;
}

/** Begins an archive under an absolute path. Throws `args.invalid` where something stands there, or where nobody may write. */
export type WriteArchive = (path: string) => Promise<ArchiveWriter>;

/** An archive whose signature holds, laid out with every file compared with its hash. */
export interface OpenedArchive extends Disposable {
  manifest: Manifest;
  /** Its files, by their paths in it. */
  files: Files;
}

/** Throws `self.unreadable` with nothing laid out. */
export type OpenArchive = (path: string, onProgress: (done: number, total: number) => void) => Promise<OpenedArchive>;

// Where things lie in an archive.
export const memoriesName = "memories.ndjson";
export const revisionsName = "revisions.ndjson";
export const forgottenName = "forgotten.ndjson";
export const grantsName = "grants.ndjson";
export const trustName = "trust.ndjson";
/** Files of the home, under their own paths. */
export const homeFolder = "home/";

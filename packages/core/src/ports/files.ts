import type { Parts } from "./bytes.ts";

/** What of a file tells cheaply that it changed. */
export interface FileFacts {
  size: number;
  mtimeMs: number;
  /** When anything of it last changed, its times included: unlike `mtimeMs`, no program can put it back. */
  ctimeMs: number;
  inode: number;
}

/** A file that was found in a folder, and how it looked then. */
export interface FoundFile extends FileFacts {
  path: string;
}

/** A file that only grows. Writes are whole or not at all: a write that fails half-way is cut off again. */
export interface AppendFile extends Disposable {
  readonly size: number;
  /** Whether its path still leads to it, and nobody else has written to it or cut it. */
  readonly isOwn: boolean;
  append(bytes: Uint8Array): void;
  /** Resolves once everything appended so far survives a power cut. */
  sync(): Promise<void>;
  truncate(size: number): void;
}

/**
 * The files of one home. Paths are relative to it, with forward slashes, and never leave it.
 * Errors of the disk come as `Fault` disk.full, disk.failed or home.read-only.
 */
export interface Files {
  /** All of a file, or what it said when it was so many bytes long. */
  read(path: string, end?: number): Uint8Array | undefined;
  /** Bytes [from, to) of a file; fewer when it ends earlier. */
  readPart(path: string, from: number, to: number): Uint8Array | undefined;
  /**
   * The lines of a file without their ends, the last being what follows the last end: read a part at a time, and none where there is
   * no file. Only those that hold one of some words, where there are any.
   */
  lines(path: string, holding?: readonly string[]): Generator<string>;
  facts(path: string): FileFacts | undefined;
  /** Paths of all files below a folder, sorted; empty when there is no such folder. */
  list(folder: string): string[];
  /** The files of `list`, each looked at once, as it is asked for; in order as far as the disk gives them so. */
  found(folder: string): Iterable<FoundFile>;
  /** What lies right in a folder, sorted by name; symbolic links, sockets and the like are left out. */
  names(folder: string): { name: string; isFolder: boolean }[];
  /** Paths of all symbolic links below a folder, sorted. `list` leaves them out, and what they lead to. */
  links(folder: string): string[];
  /** The first part of a path that is a symbolic link; undefined where none is. */
  linkOn(path: string): string | undefined;
  open(path: string): AppendFile;
  /**
   * Atomic: temporary file, sync, rename, sync of the folder. Owner-readable only. Of what comes in parts no more than one is held;
   * each of a file of lines is whole lines. Where the parts throw, nothing is replaced.
   */
  replace(path: string, bytes: Parts): void;
  remove(path: string): void;
  /** Makes what lies there survive a power cut, or that nothing does, with its name and the folders that lead to it; another process may have written them. */
  outlast(path: string): void;
}

/** What `found` gives, where each file is listed and then looked at. */
export const foundOneByOne = (files: Pick<Files, "list" | "facts">, folder: string): FoundFile[] =>
  files.list(folder).flatMap((path) => {
    const facts = files.facts(path);
    return facts ? [{ path, ...facts }] : [];
  });

/** gzip, for archives. */
export interface Gzip {
  compress(bytes: Uint8Array): Uint8Array;
  expand(bytes: Uint8Array): Uint8Array;
  /** As much from the beginning as a damaged archive gives, checked by nothing. */
  salvage(bytes: Uint8Array): Uint8Array;
}

/** Whether the last line of a file has no end, as an edit by hand may leave it. Of a file that is sealed by lines it is so as it is stored. */
export function endsWithinLine(files: Pick<Files, "facts" | "readPart">, path: string): boolean {
  const size = files.facts(path)?.size ?? 0;
  return size > 0 && files.readPart(path, size - 1, size)?.[0] !== 0x0a;
}

import type { FolderEntry } from "@mh/contract/disk.ts";

/**
 * Files outside the home, by absolute path. Nothing follows a symbolic link, on the way or at the end: what is opened
 * is what was judged, also where somebody changes the folders meanwhile. Throws `file.not-found`, `disk.full`,
 * `disk.failed`, and `args.invalid` where the path leads elsewhere or into a closed folder.
 */
export interface Disk {
  /** Absolute paths of folders that nothing here opens, by whatever name they are called. */
  readonly closed: readonly string[];
  /** By name, at most `entriesMax` of them. */
  list(folder: string, entriesMax: number): Promise<{ entries: FolderEntry[]; isCut: boolean }>;
  /** A file of at most `bytesMax`; a longer one is refused. */
  read(path: string, bytesMax: number): Promise<Uint8Array>;
  /**
   * Whole or not at all, in a folder that is there. Without `replace`, a name that is taken is refused; with `expected`,
   * the SHA-256 of what it held when that was approved (`none` where there was nothing), anything else is.
   */
  write(path: string, bytes: Uint8Array, options: { replace: boolean; expected?: string }): Promise<void>;
}

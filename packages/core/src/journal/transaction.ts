import type { Entry } from "@mh/contract/values/record.ts";
import type { Parts } from "../ports/bytes.ts";
import type { Database } from "../ports/database.ts";

/** One command's share of a group commit. Nothing of it exists before the group is on disk. */
export interface Transaction {
  readonly db: Database;
  /** Civil time, milliseconds. The order of records is their number: a clock that was set back says an earlier time. */
  readonly now: number;
  /** Adds a record to the journal: before the data where it is an intent or an answer, or where that is said; else after them. */
  append(entry: Entry, isBeforeData?: boolean): void;
  /** Adds a line to a data file. */
  line(path: string, text: string): void;
  /**
   * Takes content out of a data file for good: `change` gets its bytes as they then stand, lines of this group included;
   * undefined removes the file. Leaves no before-image, so it cannot be undone.
   */
  erase(path: string, change: (bytes: Uint8Array) => Parts | undefined): void;
  /** Removes a whole file for good, as `erase` does. The intent names it. */
  eraseFile(path: string): void;
  /** A whole file as this transaction and those before it leave it. */
  read(path: string): Uint8Array | undefined;
  /**
   * Replaces a whole file, or removes it. What stood there is kept as an object, for undoing. `byHand`: the text is put back,
   * and no command ever wrote it.
   */
  write(path: string, bytes: Uint8Array | undefined, byHand?: boolean): void;
  /**
   * Writes a new file that may be too long to be held. `parts` gives the same bytes each time: they are hashed now, and written once
   * the intent is on disk, where other bytes than those are refused. Nothing is run in between that could change what they are made of.
   */
  writeParts(path: string, parts: () => Iterable<Uint8Array>): void;
  /** What was written since this was last asked. */
  takeChanges(): Changes;
  /** Stores bytes under their HMAC and returns that name. */
  object(bytes: Uint8Array): string;
  /** An object's bytes, those that commands before this one keep in the same group included. */
  readObject(name: string): Uint8Array | undefined;
  /** What nobody needs any more goes after the commit. */
  dropObject(name: string): void;
  /** What is forgotten goes before it, as with `erase`: no crash leaves it. */
  eraseObject(name: string): void;
  /** Asks for a signed checkpoint at the end of this group. */
  sign(): void;
  /** Runs once the group is on disk. */
  afterCommit(then: () => void): void;
}

/** What one command changed of the owner's data: enough to find it again, to put it back, and to finish it after a crash. */
export interface Changes {
  /** Lines added to data files; they carry the command's id. */
  lines: number;
  /** A keyed sum of each, so that a line by hand is told from one of these. Old records have none. */
  sums?: number[];
  files: FileChange[];
  /** What goes for good, and is done when a crash came in between: files, by the names that `FileChange` has, and objects. */
  erased?: string[];
  dropped?: string[];
  /** It forgets objects: where a crash came before the outcome, that is done all the same. */
  forgets?: true;
  /** What the journal says of the command besides its outcome: its data are never without it. */
  records?: Entry[];
}

/**
 * A file by the names of what stood in it before and after; null where there was no file. `file` names the object that
 * holds its path: a path may say what the file says, and the journal keeps nothing that cannot be erased.
 */
export interface FileChange {
  file: string;
  before: string | null;
  after: string | null;
  /** What stands there after is put back, and no command ever wrote it. */
  byHand?: true;
}

import type { DateOrder, ImportFormat } from "@mh/contract/values/import-format.ts";
import type { CsvMap } from "@mh/core/memory/import/csv-columns.ts";
import type { Ended, Found } from "@mh/core/memory/import/found.ts";
import type { Parser } from "../sandbox/run-parser.ts";

/** What one file is read as: a format, or one of the two exports, where only its content tells which. */
export type FileKind = Exclude<ImportFormat, "folder"> | "chats";

/** `name` is relative to the base, with slashes. */
export type InputFile = { path: string; name: string; sizeBytes: number; mtimeMs: number; kind: FileKind };

/** What is read: the files in the order they are read, below `base`. */
export interface Opened {
  format: ImportFormat;
  /** Absolute: the folder, or the folder of the file. */
  base: string;
  files: InputFile[];
  /** Files that nobody reads. */
  ended: Ended[];
  /** What was seen and left out before anything was read. */
  remarks: Found[];
  /** All of a folder was seen. */
  isWhole: boolean;
}

export interface ReadContext {
  timeZone: string;
  nowMs: number;
  map: CsvMap;
  dateOrder: DateOrder | undefined;
  /** Where in a file something stands; with the file's name where several are read. */
  place: (file: InputFile, where: string) => string;
  /** Reads what asks for a library, in a process of its own. */
  parser: Parser;
  /** One of several: a mailbox that is called Trash is then no mailbox that anyone meant. */
  isAmongOthers: boolean;
}

/** One thing found in a file, and how many of its bytes were read by then. */
export type FileStep = { each: Found; read: number };

export type ReadFile = (file: InputFile, context: ReadContext) => AsyncIterable<FileStep> | Iterable<FileStep>;

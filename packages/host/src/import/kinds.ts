import * as path from "node:path";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import { type ParsedKind, parsedKinds } from "../sandbox/parsed-kinds.ts";
import { beginningOf } from "./chunks.ts";
import type { FileKind } from "./source.ts";

const byExtension: Record<string, FileKind> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".md": "markdown",
  ".markdown": "markdown",
  ".mdown": "markdown",
  ".mkd": "markdown",
  ".mdx": "markdown",
  ".qmd": "markdown",
  ".txt": "text",
  ".text": "text",
  ".rst": "text",
  ".adoc": "text",
  ".org": "org",
  ".html": "html",
  ".htm": "html",
  ".xhtml": "html",
  ".canvas": "canvas",
  ".docx": "docx",
  ".odt": "odt",
  ".pdf": "pdf",
  ".mbox": "mbox",
  ".mbx": "mbox",
  ".eml": "eml",
  ".emlx": "eml",
  ".ics": "ics",
  ".ical": "ics",
  ".ifb": "ics",
  ".csv": "csv",
  ".tsv": "csv",
  ".tab": "csv",
  ".vcf": "vcard",
  ".vcard": "vcard",
};

/** What a file is by how its name ends. */
export function kindByExtension(name: string): FileKind | undefined {
  return byExtension[path.extname(name).toLowerCase()];
}

/** Formats in which notes are written, which are known by their place. */
export const isNotes = (format: ImportFormat | FileKind): boolean =>
  ["markdown", "text", "org", "html", "canvas", ...parsedKinds, "openclaw", "hermes", "silverbullet"].includes(format);

/** Kinds that a parser reads in a process of its own. */
export const isParsed = (kind: ImportFormat | FileKind): kind is ParsedKind =>
  (parsedKinds as readonly string[]).includes(kind);

/** What a file is by how it begins. */
export function kindByBeginning(file: string): FileKind | undefined {
  const start = beginningOf(file, 4_096)
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (/^From \S+.*\r?\n/.test(start) && /\d{4}/.test(start.slice(0, 200))) return "mbox";
  if (/^BEGIN:VCALENDAR/i.test(start)) return "ics";
  if (/^BEGIN:VCARD/i.test(start)) return "vcard";
  if (start.startsWith("%PDF-")) return "pdf";
  if (looksLikeMail(start)) return "eml";
  return undefined;
}

const mailHeader = /^(?:from|to|date|received|message-id|return-path|delivered-to|mime-version|subject|x-[\w-]+):/gim;

/** Header lines from the first line on (RFC 5322), two of them such as mails have. */
export function looksLikeMail(start: string): boolean {
  const [headers = ""] = start.split(/\r?\n\r?\n/, 1);
  if (!/^[!-9;-~]{1,80}:[ \t]?/.test(headers)) return false;
  return new Set(headers.match(mailHeader)?.map((name) => name.toLowerCase())).size >= 2;
}

export function isMailbox(file: string): boolean {
  return beginningOf(file, 5).toString("latin1") === "From ";
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import { beginningOf } from "./chunks.ts";

const byExtension: Record<string, ImportFormat> = {
  ".ndjson": "ndjson",
  ".jsonl": "ndjson",
  ".md": "markdown",
  ".markdown": "markdown",
  ".mbox": "mbox",
  ".mbx": "mbox",
  ".ics": "ics",
  ".ical": "ics",
  ".ifb": "ics",
  ".csv": "csv",
  ".tsv": "csv",
  ".tab": "csv",
  ".vcf": "vcard",
  ".vcard": "vcard",
};

/** What a format's files are called, where a folder holds several. */
export function extensionsOf(format: ImportFormat): string[] {
  return Object.keys(byExtension).filter((extension) => byExtension[extension] === format);
}

/** `chats`: one of the two exports; which one, only its content tells. */
export type Detected = ImportFormat | "chats";

/** What a file is: by its name, else by how it begins. Throws a Fault where neither tells. */
export function detectFile(file: string): Detected {
  const extension = path.extname(file).toLowerCase();
  const known = byExtension[extension];
  if (known !== undefined) return known;
  const start = beginningOf(file, 4_096)
    .toString("latin1")
    .replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  if (start.startsWith("From ")) return "mbox";
  if (/^BEGIN:VCALENDAR/i.test(start)) return "ics";
  if (/^BEGIN:VCARD/i.test(start)) return "vcard";
  if (start.startsWith("PK\u0003\u0004") || start.startsWith("[")) return "chats";
  if (start.startsWith("{") || start === "") return "ndjson";
  throw new Fault(
    "import.unreadable",
    `What ${path.basename(file)} is, neither its name nor its beginning tells; --format says it.`,
  );
}

/** What a folder is: by how it is laid out, else by the files in it. */
export function detectFolder(folder: string): Detected {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  if (isMaildir(folder, 0)) return "maildir";
  if ([...names].some((name) => /^conversations[\w-]*\.json$/i.test(name))) return "chats";
  if (
    fs.existsSync(path.join(workspaceIn(folder), "SOUL.md")) ||
    clues(names, ["AGENTS.md", "MEMORY.md", "IDENTITY.md", "HEARTBEAT.md", "memory"]) >= 2
  )
    return "openclaw";
  const runsSilverBullet = names.has("_plug") || [...names].some((name) => name.startsWith(".silverbullet"));
  if (runsSilverBullet || clues(names, ["SETTINGS.md", "CONFIG.md", "Library", "index.md"]) >= 2) return "silverbullet";
  if (names.has("SETTINGS.md") || names.has("CONFIG.md")) return "silverbullet";
  if (names.has("mbox") || [...names].some((name) => name.endsWith(".msf"))) return "mbox";
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => byExtension[path.extname(name).toLowerCase()]);
  for (const format of ["markdown", "mbox", "ics", "vcard", "csv"] as const) if (files.includes(format)) return format;
  return "markdown";
}

export function isMailbox(file: string): boolean {
  return beginningOf(file, 5).toString("latin1") === "From ";
}

/** OpenClaw's home holds the workspace in a folder of that name. */
export function workspaceIn(folder: string): string {
  const inner = path.join(folder, "workspace");
  return !fs.existsSync(path.join(folder, "SOUL.md")) && fs.existsSync(path.join(inner, "SOUL.md")) ? inner : folder;
}

function clues(names: ReadonlySet<string>, wanted: readonly string[]): number {
  return wanted.filter((name) => names.has(name)).length;
}

/** A Maildir has cur and new; a folder of Maildirs has them one or two levels below. */
function isMaildir(folder: string, depth: number): boolean {
  const names = foldersIn(folder);
  if (names.includes("cur") && (names.includes("new") || names.includes("tmp"))) return true;
  return depth < 2 && names.slice(0, 200).some((name) => isMaildir(path.join(folder, name), depth + 1));
}

function foldersIn(folder: string): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    // Whoever reads it will say that it may not be read.
    if ((error as NodeJS.ErrnoException).code === "EACCES") return [];
    throw error;
  }
}

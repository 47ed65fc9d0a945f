import * as fs from "node:fs";
import type { Found } from "@mh/core/memory/import/found.ts";
import { type NoteContext, parseNote } from "@mh/core/memory/import/markdown.ts";
import { parseOpenClaw } from "@mh/core/memory/import/openclaw.ts";
import { parsePage } from "@mh/core/memory/import/silverbullet.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { readWhole } from "./chunks.ts";
import type { InputFile, Opened } from "./source.ts";

const noteBytesMax = 64_000_000;

type NoteParser = (path: string, text: string, context: NoteContext) => Found[];

/** Folders of Markdown: a vault, an OpenClaw workspace, a SilverBullet space. */
export async function* readNotes({ format, files }: Opened, timeZone: string): AsyncGenerator<Step> {
  const parse: NoteParser =
    format === "openclaw" ? parseOpenClaw : format === "silverbullet" ? parsePage : parseVaultNote;
  let read = 0;
  for (const file of files) {
    read += file.sizeBytes;
    for (const each of readNote(file, parse, timeZone)) yield { each, read };
  }
}

function readNote({ path, name, sizeBytes }: InputFile, parse: NoteParser, timeZone: string): Found[] {
  if (sizeBytes > noteBytesMax) return [{ refused: "The note is larger than 64 MB.", externalId: name, where: name }];
  const bytes = readWhole(path);
  if (typeof bytes === "string") return [{ refused: bytes, externalId: name, where: name }];
  const text = decodeUtf8(bytes);
  if (text === undefined || text.includes("\0"))
    return [{ refused: "The file is not UTF-8 text.", externalId: name, where: name }];
  const warnings: string[] = [];
  const found = parse(name, text, { timeZone, mtime: fs.statSync(path).mtime, warnings });
  // A warning begins with the note's name, which `where` says already.
  return [...found, ...warnings.map((warning) => ({ note: warning.replace(`${name}: `, ""), where: name }))];
}

function parseVaultNote(path: string, text: string, context: NoteContext): Found[] {
  return parseNote(path, text, context).map(({ source: _, ...item }) => ({
    item: { ...item, externalId: item.externalId ?? path },
    where: path,
  }));
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Ended, FileStamp, Found } from "@mh/core/memory/import/found.ts";
import type { Source, SourceOptions, Step, Vault } from "@mh/core/memory/import/source.ts";
import type { Parser } from "../sandbox/run-parser.ts";
import { whyUnread } from "./chunks.ts";
import { detectFile, detectFolder, workspaceIn } from "./detect.ts";
import { isNotes, isParsed } from "./kinds.ts";
import { walkMaildir } from "./maildir.ts";
import type { FileKind, InputFile, Opened, ReadContext, ReadFile } from "./source.ts";
import { stampOf } from "./stamp.ts";
import { tellAs, tellByKind } from "./tell.ts";
import { inputFile, nameIn, type Tell, Walk } from "./walk.ts";

export interface OpenOptions extends SourceOptions {
  timeZone: string;
  nowMs: number;
  parser: Parser;
}

/** Opens a file or folder for importing. Throws `import.unreadable` with the next step. */
export async function openSource(given: string, options: OpenOptions): Promise<Source> {
  const from = path.resolve(given);
  const stat = fs.statSync(from, { throwIfNoEntry: false });
  if (!stat)
    throw new Fault(
      "import.unreadable",
      `There is no ${given}. Give a file or a folder; --help lists what can be read.`,
    );
  const lookedAtMs = Date.now();
  const opened = stat.isDirectory()
    ? await openFolder(from, given, options.format)
    : await openFile(from, options.format);
  return {
    format: opened.format,
    name: sourceName(opened.format, opened.base),
    names: [...new Set([opened.format, ...opened.files.map(({ kind }) => kind)])].map((kind) =>
      sourceName(kind, opened.base),
    ),
    from,
    files: opened.files.length,
    bytes: opened.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    vault: vaultOf(opened, options),
    found: () => stepsOf(opened, options, lookedAtMs),
  };
}

const sampledFiles = 40;

/** What of it is known by its place; nothing where it holds no notes. */
function vaultOf(
  { format, base, files, ended, isWhole }: Opened,
  { timeZone, nowMs, parser }: OpenOptions,
): Vault | undefined {
  const notes = files.filter(({ kind }) => isNotes(kind));
  if (notes.length === 0) return undefined;
  const source = noteSourceOf({ format, base });
  // What has a parser costs more than the rest; it is asked where there is nothing else.
  const plain = notes.filter(({ kind }) => !isParsed(kind));
  const sampled = plain.length > 0 ? plain : notes;
  const every = Math.ceil(sampled.length / sampledFiles);
  return {
    ...{ source, base, prefix: source.slice(0, source.indexOf(":")), isWhole },
    places: new Set([...files.map(({ name }) => name), ...ended.map(({ where }) => where)]),
    async *sample() {
      const context = { timeZone, nowMs, map: {}, dateOrder: undefined, parser, isAmongOthers: true };
      // Its process is begun anew where the import itself needs one: between the two, nobody would end it.
      using _process = parser;
      for (const note of sampled.filter((_, n) => n % every === 0)) {
        try {
          for await (const { each } of (await readerOf(note.kind))(note, { ...context, place: (_, where) => where }))
            if ("item" in each) yield each.item;
        } catch (error) {
          // What cannot be read says nothing of where this is from; the import tells it.
          if (refusalOf(error) === undefined) throw error;
        }
      }
    },
  };
}

async function openFile(from: string, asked: ImportFormat | undefined): Promise<Opened> {
  const base = path.dirname(from);
  if (asked === "maildir" || asked === "folder")
    throw new Fault("import.unreadable", "A Maildir is a folder; --format mbox reads a file.");
  const file = inputFile(from, base, asked ?? detectFile(from));
  if (file.kind === "chats") file.kind = await chatFormat(file);
  return { format: file.kind as ImportFormat, base, files: [file], ended: [], remarks: [], isWhole: false };
}

async function openFolder(from: string, given: string, asked: ImportFormat | undefined): Promise<Opened> {
  if (asked === "ndjson") throw new Fault("import.unreadable", `${given} is a folder; --format ndjson reads a file.`);
  const detected = asked ?? detectFolder(from);
  const base = detected === "openclaw" ? workspaceIn(from) : from;
  const around = base === from ? [] : outside(from, base);
  const walk = new Walk(base, tellOf(detected, asked));
  const mails = asked === undefined || asked === "folder" || asked === "maildir";
  const takeMails = (folder: string) => mails && walkMaildir(walk, folder);
  if (!takeMails(base)) walk.visit(base, takeMails);
  const { files, remarks, isWhole } = walk;
  if (files.length === 0 && (asked === "chatgpt" || asked === "claude"))
    throw new Fault("import.unreadable", `There is no conversations.json in ${given}.`);
  const format = await formatOf(detected, files);
  return { format, base, files, ended: [...around, ...walk.ended], remarks, isWhole };
}

/** A format that is asked for is the only one; else each file is read by its kind, and Markdown as whose it is. */
function tellOf(detected: ImportFormat, asked: ImportFormat | undefined): Tell {
  if (asked === undefined && detected !== "folder")
    return tellByKind(detected as Extract<ImportFormat, "openclaw" | "hermes" | "silverbullet">);
  return detected === "folder" ? tellByKind() : tellAs(detected);
}

/** What lies around the workspace in the home of an assistant: its settings and keys. */
function outside(home: string, workspace: string): Ended[] {
  const walk = new Walk(home, () => ({ fate: "skipped", kind: "the assistant's own" }));
  for (const entry of walk.entries(home)) {
    const full = path.join(home, entry.name);
    if (full === workspace) continue;
    if (entry.isDirectory()) walk.close(full, "the assistant's own");
    else walk.end("skipped", "the assistant's own", nameIn(home, full));
  }
  return walk.ended;
}

/** A folder whose files are all of one kind is of that format. */
async function formatOf(detected: ImportFormat, files: readonly InputFile[]): Promise<ImportFormat> {
  if (detected !== "folder") return detected;
  const kinds = new Set(files.map(({ kind }) => kind));
  const [first] = files;
  if (first === undefined || kinds.size > 1) return "folder";
  return first.kind === "chats" ? chatFormat(first) : first.kind;
}

async function chatFormat(file: InputFile): Promise<"chatgpt" | "claude"> {
  const { chatFormatIn } = await import("./chats.ts");
  const format = chatFormatIn(file);
  if (format !== undefined) return format;
  throw new Fault(
    "import.unreadable",
    `${file.name} is no export of ChatGPT or Claude that can be read: they hold a conversations.json. --format says what it is.`,
  );
}

async function* stepsOf(opened: Opened, options: OpenOptions, lookedAtMs: number): AsyncGenerator<Step> {
  using _process = options.parser;
  for (const each of opened.remarks) yield { each, read: 0 };
  for (const each of opened.ended) yield { each, read: 0 };
  const isAmongOthers = opened.files.length > 1 || opened.ended.length > 0;
  const context: ReadContext = {
    timeZone: options.timeZone,
    nowMs: options.nowMs,
    map: options.map ?? {},
    dateOrder: options.dateOrder,
    parser: options.parser,
    place: ({ name }, where) => (opened.files.length > 1 ? `${name}, ${where}` : where),
    isAmongOthers,
  };
  const noteSource = noteSourceOf(opened);
  let before = 0;
  for (const file of opened.files) {
    const { name: where, kind, sizeBytes } = file;
    const stamp = stampOf(file, options, lookedAtMs);
    const memories = stamp && options.unchanged?.(stamp);
    if (memories !== undefined)
      yield { each: { end: { fate: "unchanged", kind, files: 1, memories }, where }, read: before + sizeBytes };
    else yield* fileSteps(file, { before, noteSource, stamp }, context);
    before += sizeBytes;
  }
}

/** What is found in a file, then how it ended: each ends once. One that cannot be read is no reason to stop. */
async function* fileSteps(
  file: InputFile,
  { before, noteSource, stamp }: { before: number; noteSource: string; stamp: FileStamp | undefined },
  context: ReadContext,
): AsyncGenerator<Step> {
  const { name: where, kind, sizeBytes } = file;
  const tally = { item: 0, refused: 0, note: 0 };
  const read = before + sizeBytes;
  try {
    const readFile = await readerOf(kind);
    for await (const step of readFile(file, context)) {
      tally["item" in step.each ? "item" : "refused" in step.each ? "refused" : "note"] += 1;
      const each = dated(isNotes(kind) ? placed(step.each, noteSource) : step.each, file, context.nowMs);
      yield { ...underOf(file), each, read: before + Math.min(step.read, sizeBytes) };
    }
  } catch (error) {
    // STOP is no fault of the file.
    const refused = refusalOf(error);
    if (refused === undefined) throw error;
    tally.refused += 1;
    yield { each: { refused, externalId: null, where }, read };
  }
  if (tally.item + tally.refused + tally.note === 0)
    yield { each: { note: "It holds no text.", where } satisfies Found, read };
  const fate = tally.item > 0 ? "read" : tally.refused > 0 ? "refused" : "passed over";
  yield { each: { end: { fate, kind, files: 1, ...(stamp && { stamp }) }, where } satisfies Ended, read };
}

/** Why a file cannot be read; undefined for what is no fault of the file. */
const refusalOf = (error: unknown): string | undefined =>
  error instanceof Fault && error.code !== "stopped" ? error.message : whyUnread(error);

/** What says no time of its own was written before its file was, and so before now. */
const dated = (each: Found, { mtimeMs }: InputFile, nowMs: number): Found =>
  "item" in each && each.item.at === undefined
    ? { ...each, item: { ...each.item, at: new Date(Math.min(mtimeMs, nowMs)).toISOString(), datedBy: "file" } }
    : each;

/** Notes are known by their place in the folder that they come from. */
const placed = (each: Found, source: string): Found =>
  "item" in each ? { ...each, item: { ...each.item, source } } : each;

/** Rows and lines that name no source of their own are of their kind; those of two files may have the same ids. */
function underOf({ kind, path: from }: InputFile): Pick<Step, "under"> {
  return kind === "csv" || kind === "ndjson" ? { under: { source: kind, from } } : {};
}

/** Each reader brings its libraries along, so it is loaded when it is needed. */
async function readerOf(kind: FileKind): Promise<ReadFile> {
  if (isParsed(kind)) return (await import("./documents.ts")).readDocument;
  if (isNotes(kind)) return (await import("./notes.ts")).readNote;
  switch (kind) {
    case "ndjson":
      return (await import("./ndjson.ts")).readNdjson;
    case "mbox":
      return (await import("./mbox.ts")).readMbox;
    case "maildir":
      return (await import("./maildir.ts")).readMail;
    case "eml":
      return (await import("./maildir.ts")).readSavedMail;
    case "chatgpt":
    case "claude":
    case "chats":
      return (await import("./chats.ts")).readChats;
    default:
      return (await import("./texts.ts")).readTexts;
  }
}

/** All notes of one folder are of one vault, whatever they are written in. */
const noteSourceOf = ({ format, base }: Pick<Opened, "format" | "base">): string =>
  `${["openclaw", "hermes", "silverbullet"].includes(format) ? format : "markdown"}:${base}`;

/** The same mail is known from an mbox and from a Maildir; notes are known by their folder. */
function sourceName(format: ImportFormat | FileKind, base: string): string {
  if (format === "folder" || isNotes(format)) return noteSourceOf({ format: format as ImportFormat, base });
  switch (format) {
    case "mbox":
    case "maildir":
    case "eml":
      return "mail";
    case "ics":
      return "calendar";
    case "vcard":
      return "contacts";
    default:
      return format;
  }
}

import * as fs from "node:fs";
import * as path from "node:path";
import { Fault } from "@mh/contract/values/fault.ts";
import type { ImportFormat } from "@mh/contract/values/import-format.ts";
import type { Source, SourceOptions, Step } from "@mh/core/memory/import/source.ts";
import { detectFile, detectFolder, extensionsOf, isMailbox, workspaceIn } from "./detect.ts";
import type { InputFile, Opened } from "./source.ts";
import { filesBelow, inputFile } from "./walk.ts";

export interface OpenOptions extends SourceOptions {
  timeZone: string;
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
  const opened = stat.isDirectory()
    ? await openFolder(from, given, options.format)
    : await openFile(from, options.format);
  return {
    format: opened.format,
    name: sourceName(opened),
    from,
    files: opened.files.length,
    bytes: opened.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    async *found() {
      for (const each of opened.remarks) yield { each, read: 0 };
      yield* await stepsOf(opened, options);
    },
  };
}

async function openFile(from: string, asked: ImportFormat | undefined): Promise<Opened> {
  const base = path.dirname(from);
  const file = inputFile(from, base);
  const detected = asked ?? detectFile(from);
  const format = detected === "chats" ? await chatFormat(file) : detected;
  if (format === "maildir") throw new Fault("import.unreadable", "A Maildir is a folder; --format mbox reads a file.");
  return { format, base, files: [file], remarks: [] };
}

async function openFolder(from: string, given: string, asked: ImportFormat | undefined): Promise<Opened> {
  const detected = asked ?? detectFolder(from);
  if (detected === "ndjson")
    throw new Fault("import.unreadable", `${given} is a folder; --format ndjson reads a file.`);
  if (detected === "maildir") {
    const { mailsBelow } = await import("./maildir.ts");
    return { format: detected, base: from, ...mailsBelow(from) };
  }
  if (detected === "chats" || detected === "chatgpt" || detected === "claude") return openExport(from, given, asked);
  const base = detected === "openclaw" ? workspaceIn(from) : from;
  return { format: detected, base, ...filesBelow(base, (name, full) => isFileOf(detected, name, full)) };
}

function isFileOf(format: ImportFormat, name: string, full: string): boolean {
  const isNotes = format === "openclaw" || format === "silverbullet";
  const extension = path.extname(name).toLowerCase();
  if (extensionsOf(isNotes ? "markdown" : format).includes(extension)) return true;
  // Thunderbird and Apple Mail name their mailboxes after the folder alone.
  return format === "mbox" && extension === "" && fs.lstatSync(full).isFile() && isMailbox(full);
}

async function openExport(from: string, given: string, asked: ImportFormat | undefined): Promise<Opened> {
  const { isConversations, otherRemark } = await import("./chats.ts");
  const { files: all, remarks } = filesBelow(from, (name) => /\.json$/i.test(name));
  const files = all.filter(({ name }) => isConversations(name));
  const [first] = files;
  if (first === undefined) throw new Fault("import.unreadable", `There is no conversations.json in ${given}.`);
  const others = all.filter(({ name }) => !isConversations(name)).map(otherRemark);
  return { format: asked ?? (await chatFormat(first)), base: from, files, remarks: [...remarks, ...others] };
}

async function chatFormat(file: InputFile): Promise<ImportFormat> {
  const { chatFormatIn } = await import("./chats.ts");
  const format = chatFormatIn(file);
  if (format !== undefined) return format;
  throw new Fault(
    "import.unreadable",
    `${file.name} is no export of ChatGPT or Claude that can be read: they hold a conversations.json. --format says what it is.`,
  );
}

/** Each reader brings its libraries along, so it is loaded when it is needed. */
async function stepsOf(opened: Opened, { timeZone, map = {} }: OpenOptions): Promise<AsyncIterable<Step>> {
  switch (opened.format) {
    case "ndjson":
      return (await import("./ndjson.ts")).readNdjson(opened);
    case "mbox":
      return (await import("./mbox.ts")).readMbox(opened);
    case "maildir":
      return (await import("./maildir.ts")).readMaildir(opened);
    case "ics":
    case "csv":
    case "vcard":
      return (await import("./texts.ts")).readTexts(opened, timeZone, map);
    case "chatgpt":
    case "claude":
      return (await import("./chats.ts")).readChats(opened);
    case "markdown":
    case "openclaw":
    case "silverbullet":
      return (await import("./notes.ts")).readNotes(opened, timeZone);
  }
}

/** The same mail is known from an mbox and from a Maildir; notes are known by their folder. */
function sourceName({ format, base }: Opened): string {
  switch (format) {
    case "mbox":
    case "maildir":
      return "mail";
    case "ics":
      return "calendar";
    case "vcard":
      return "contacts";
    case "markdown":
    case "openclaw":
    case "silverbullet":
      return `${format}:${base}`;
    default:
      return format;
  }
}

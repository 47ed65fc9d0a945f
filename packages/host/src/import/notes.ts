import { type Decoded, decodeText } from "@mh/core/memory/import/decoded.ts";
import type { Found } from "@mh/core/memory/import/found.ts";
import type { NoteContext } from "@mh/core/memory/import/note.ts";
import { readWhole } from "./chunks.ts";
import type { FileKind, FileStep, InputFile, ReadContext } from "./source.ts";

const noteBytesMax = 64_000_000;

type NoteParser = (path: string, text: string, context: NoteContext) => Found[];

/** Reads one note, in whatever it is written: each is known by its place below what is imported. */
export async function* readNote(file: InputFile, { timeZone }: ReadContext): AsyncGenerator<FileStep> {
  for (const each of await found(file, timeZone)) yield { each, read: file.sizeBytes };
}

async function found({ kind, path, name, sizeBytes }: InputFile, timeZone: string): Promise<Found[]> {
  if (sizeBytes > noteBytesMax) return [{ refused: "The note is larger than 64 MB.", externalId: name, where: name }];
  const bytes = readWhole(path);
  if (typeof bytes === "string") return [{ refused: bytes, externalId: name, where: name }];
  const decoded = decodedAs(kind, bytes);
  if (decoded === undefined) return [{ refused: "The file is no text.", externalId: name, where: name }];
  const warnings: string[] = [];
  const parse = await parserOf(kind);
  const notes = parse(name, decoded.text, { timeZone, warnings });
  const told = [...(decoded.note === undefined ? [] : [decoded.note]), ...new Set(warnings)];
  return [...notes, ...told.map((note) => ({ note, where: name }))];
}

/** A page may say itself in what it is written (HTML §13.2.3.2); else it is as every text. */
function decodedAs(kind: FileKind, bytes: Uint8Array): Decoded | undefined {
  const start = kind === "html" ? Buffer.from(bytes.subarray(0, 1_024)).toString("latin1") : "";
  const charset = /<meta[^>]{1,200}charset\s*=\s*["']?([\w-]{1,40})/i.exec(start)?.[1];
  const decoder = charset === undefined ? undefined : decoderOf(charset);
  // What was saved anew as UTF-8 often keeps the old name.
  const decoded = decodeText(bytes);
  if (decoder === undefined || decoded?.note === undefined) return decoded;
  return { text: decoder.decode(bytes) };
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(charset);
  } catch {
    // A name that nobody knows says nothing.
    return undefined;
  }
}

/** Each brings its libraries along. */
async function parserOf(kind: FileKind): Promise<NoteParser> {
  switch (kind) {
    case "openclaw":
      return (await import("@mh/core/memory/import/openclaw.ts")).parseOpenClaw;
    case "hermes":
      return (await import("@mh/core/memory/import/hermes.ts")).parseHermes;
    case "silverbullet":
      return (await import("@mh/core/memory/import/silverbullet.ts")).parsePage;
    case "org":
      return (await import("@mh/core/memory/import/org.ts")).parseOrg;
    case "html":
      return (await import("@mh/core/memory/import/page.ts")).parseHtmlNote;
    case "canvas":
      return (await import("@mh/core/memory/import/canvas.ts")).parseCanvas;
    case "text":
      return (await import("@mh/core/memory/import/plain.ts")).parsePlain;
    default:
      return (await import("@mh/core/memory/import/markdown.ts")).parseVaultNote;
  }
}

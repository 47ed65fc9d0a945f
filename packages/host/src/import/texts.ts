import type { CalendarContext } from "@mh/core/memory/import/calendar.ts";
import { decodeText } from "@mh/core/memory/import/decoded.ts";
import type { Found, ImportContext } from "@mh/core/memory/import/found.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readWhole } from "./chunks.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";

const fileBytesMax = 500_000_000;

/** Formats whose files are read whole: calendars, contacts, tables. */
export async function* readTexts(file: InputFile, context: ReadContext): AsyncGenerator<FileStep> {
  const within = { timeZone: context.timeZone, sha256Hex: nodeCrypto.sha256Hex, nowMs: context.nowMs };
  const steps = file.kind === "csv" ? readCsv(file, context, within) : readLines(file, within);
  for await (const { each, read } of steps) yield { each: { ...each, where: context.place(file, each.where) }, read };
}

async function* readCsv(
  file: InputFile,
  { map, dateOrder }: ReadContext,
  context: ImportContext,
): AsyncGenerator<FileStep> {
  const bytes = contentOf(file);
  if (typeof bytes === "string") return yield { each: refusal(file, bytes), read: 0 };
  const { parseCsv } = await import("@mh/core/memory/import/csv.ts");
  const isTabbed = /\.(?:tsv|tab)$/i.test(file.name);
  yield* parseCsv(bytes, { ...context, map, dateOrder, ...(isTabbed && { delimiter: "\t" }) });
}

async function* readLines(file: InputFile, context: CalendarContext): AsyncGenerator<FileStep> {
  const bytes = contentOf(file);
  if (typeof bytes === "string") return yield { each: refusal(file, bytes), read: 0 };
  const decoded = decodeText(bytes);
  if (decoded === undefined) return yield { each: refusal(file, "The file is no text."), read: 0 };
  if (decoded.note !== undefined) yield { each: { note: decoded.note, where: "the file" }, read: 0 };
  const found =
    file.kind === "ics"
      ? (await import("@mh/core/memory/import/calendar.ts")).parseCalendar(decoded.text, context)
      : (await import("@mh/core/memory/import/vcard.ts")).parseContacts(decoded.text, context);
  // Where in the file each one stood is not known: progress is by the file.
  for (const each of found) yield { each, read: file.sizeBytes };
}

function contentOf({ path, sizeBytes }: InputFile): Buffer | string {
  return sizeBytes > fileBytesMax ? "The file is larger than 500 MB. Split it, and import the parts." : readWhole(path);
}

function refusal(_file: InputFile, refused: string): Found {
  return { refused, externalId: null, where: "the file" };
}

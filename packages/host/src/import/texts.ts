import type { CsvMap } from "@mh/core/memory/import/csv-columns.ts";
import type { Found, ImportContext } from "@mh/core/memory/import/found.ts";
import type { Step } from "@mh/core/memory/import/source.ts";
import { decodeUtf8 } from "@mh/core/ports/bytes.ts";
import { nodeCrypto } from "../adapters/node-crypto.ts";
import { readWhole } from "./chunks.ts";
import type { InputFile, Opened } from "./source.ts";

const fileBytesMax = 500_000_000;

/** Formats whose files are read whole: calendars, contacts, tables. */
export async function* readTexts({ format, files }: Opened, timeZone: string, map: CsvMap): AsyncGenerator<Step> {
  const context = { timeZone, sha256Hex: nodeCrypto.sha256Hex };
  let before = 0;
  for (const file of files) {
    const steps = format === "csv" ? readCsv(file, context, map) : readLines(format, file, context);
    for await (const { each, read } of steps) {
      const where = files.length > 1 ? `${file.name}, ${each.where}` : each.where;
      yield { each: { ...each, where }, read: before + Math.min(read, file.sizeBytes) };
    }
    before += file.sizeBytes;
  }
}

async function* readCsv(file: InputFile, context: ImportContext, map: CsvMap): AsyncGenerator<Step> {
  const bytes = contentOf(file);
  if (typeof bytes === "string") return yield { each: refusal(file, bytes), read: 0 };
  const { parseCsv } = await import("@mh/core/memory/import/csv.ts");
  const isTabbed = /\.(?:tsv|tab)$/i.test(file.name);
  yield* parseCsv(bytes, { ...context, map, ...(isTabbed && { delimiter: "\t" }) });
}

async function* readLines(format: string, file: InputFile, context: ImportContext): AsyncGenerator<Step> {
  const bytes = contentOf(file);
  if (typeof bytes === "string") return yield { each: refusal(file, bytes), read: 0 };
  const text = decodeUtf8(bytes);
  if (text === undefined)
    yield { each: { note: "The file is not UTF-8; it was read as Windows-1252.", where: "the file" }, read: 0 };
  const whole = (text ?? new TextDecoder("windows-1252").decode(bytes)).replace(/^\uFEFF/, "");
  const found =
    format === "ics"
      ? (await import("@mh/core/memory/import/calendar.ts")).parseCalendar(whole, context)
      : (await import("@mh/core/memory/import/vcard.ts")).parseContacts(whole, context);
  // Where in the file each one stood is not known: progress is by the file.
  for (const each of found) yield { each, read: file.sizeBytes };
}

function contentOf({ path, sizeBytes }: InputFile): Buffer | string {
  return sizeBytes > fileBytesMax ? "The file is larger than 500 MB. Split it, and import the parts." : readWhole(path);
}

function refusal({ name }: InputFile, refused: string): Found {
  return { refused, externalId: null, where: name };
}

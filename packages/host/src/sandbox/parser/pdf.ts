import type { ParsedDocument } from "@mh/core/memory/import/document.ts";
import { getDocument, PasswordException, PDFDateString, type PDFDocumentProxy } from "unpdf/pdfjs";
import { bounded, charactersMax } from "./bounded.ts";
import { paragraphsIn } from "./pdf-lines.ts";
import { Unreadable } from "./unreadable.ts";

const pagesMax = 20_000;
/** So many pages after each other that cannot be read are no document. */
const badPagesMax = 100;

/**
 * The text of a PDF by its pages. Nothing in it is run, opened or rendered: PDF.js parses, and scripts, attachments, forms,
 * links and pictures are data that nobody asks for. Throws Unreadable for one that is encrypted, damaged or none.
 */
export async function readPdf(bytes: Uint8Array): Promise<ParsedDocument> {
  const missing = new Set<string>();
  const task = getDocument({
    data: bytes,
    BinaryDataFactory: withoutData(missing),
    ...{ verbosity: 0, enableXfa: false, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false },
    ...{ useWasm: false, stopAtErrors: false },
  });
  // It asks for a password anew as long as one is given.
  task.onPassword = () => void task.destroy();
  try {
    const pdf = await task.promise;
    const about = await aboutOf(pdf);
    const read = await pagesOf(pdf);
    const { blocks, notes } = bounded(read.blocks);
    return { ...about, blocks, notes: [...notesOn(pdf.numPages, read, missing), ...notes] };
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    if (error instanceof PasswordException) throw new Unreadable("It is encrypted and opens with a password only.");
    throw new Unreadable("It is no PDF, or damaged beyond reading.", { cause: error });
  } finally {
    await task.destroy();
  }
}

/**
 * PDF.js asks for data of its own: fonts, which text does without, and tables of what the codes of some East Asian fonts mean.
 * None is here; a font without its table gives no text, silently, and so its table is noted.
 */
const withoutData = (missing: Set<string>) =>
  class {
    async fetch({ kind, filename }: { kind: string; filename: string }): Promise<never> {
      if (kind === "cMapUrl") missing.add(filename);
      throw new Error(`There is no ${filename}.`);
    }
  };

interface ReadPages {
  blocks: ParsedDocument["blocks"];
  /** How far it was read. */
  read: number;
  damaged: number[];
}

async function pagesOf(pdf: PDFDocumentProxy): Promise<ReadPages> {
  const blocks: ParsedDocument["blocks"] = [];
  const damaged: number[] = [];
  let [characters, number, badInRow] = [0, 0, 0];
  while (number < Math.min(pdf.numPages, pagesMax) && characters <= charactersMax && badInRow < badPagesMax) {
    number += 1;
    try {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      for (const text of paragraphsIn(items.filter((item) => "str" in item))) {
        blocks.push({ text, depth: 0, page: number });
        characters += text.length;
      }
      page.cleanup();
      badInRow = 0;
    } catch {
      damaged.push(number);
      badInRow += 1;
    }
  }
  return { blocks, read: number, damaged };
}

function notesOn(pages: number, { blocks, read, damaged }: ReadPages, missing: ReadonlySet<string>): string[] {
  const hasText = blocks.length > 0;
  const bad = damaged.slice(0, 10).join(", ") + (damaged.length > 10 ? ", …" : "");
  return [
    ...(missing.size > 0 ? ["Text in East Asian fonts that need a table of their codes was not read."] : []),
    ...(hasText || missing.size > 0 ? [] : [`There is no text on its ${counted(pages)}; it may be a scan.`]),
    ...(damaged.length > 0 ? [`Damaged, and not read: ${damaged.length === 1 ? "page" : "pages"} ${bad}.`] : []),
    ...(hasText && read < pages ? [`Only the first ${counted(read)} of ${pages} were read.`] : []),
  ];
}

const counted = (pages: number): string => `${pages} ${pages === 1 ? "page" : "pages"}`;

/** By its information dictionary, or where that says nothing by its metadata in XMP (ISO 32000-2, 14.3). */
async function aboutOf(pdf: PDFDocumentProxy): Promise<Pick<ParsedDocument, "title" | "properties">> {
  const { info, metadata } = await pdf.getMetadata();
  const said = info as Record<string, unknown>;
  const given = (name: string, inXmp: string): string | undefined => {
    const value = said[name] ?? metadata?.get(inXmp);
    const text = (Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "").trim();
    return text === "" ? undefined : text.replace(/\s+/g, " ");
  };
  const title = given("Title", "dc:title");
  const created = dateOf(given("CreationDate", "xmp:createdate"));
  const properties: [string, string | undefined][] = [
    ["author", given("Author", "dc:creator")],
    ["subject", given("Subject", "dc:description")],
    ["keywords", given("Keywords", "pdf:keywords")],
    ["created", created],
  ];
  return {
    ...(title && !isFileName(title) && { title }),
    properties: properties.filter((each): each is [string, string] => each[1] !== undefined),
  };
}

/** What a program put there for want of a title says no more than the file's own name. */
const isFileName = (title: string): boolean => /\.[a-z][a-z0-9]{1,4}$/i.test(title) || !/\p{L}/u.test(title);

/** "D:20240508100000+02'00'" (ISO 32000-2, 7.9.4), or as XMP writes it. */
function dateOf(text: string | undefined): string | undefined {
  const date = text === undefined ? undefined : (PDFDateString.toDateObject(text) ?? new Date(text));
  return date && !Number.isNaN(date.getTime()) ? date.toISOString() : undefined;
}

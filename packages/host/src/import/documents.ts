import * as fs from "node:fs";
import { Fault } from "@mh/contract/values/fault.ts";
import { parseDocument } from "@mh/core/memory/import/document.ts";
import type { Found } from "@mh/core/memory/import/found.ts";
import type { ParserAnswer } from "../sandbox/run-parser.ts";
import { isParsed } from "./kinds.ts";
import type { FileStep, InputFile, ReadContext } from "./source.ts";

const fileBytesMax = 100_000_000;

/** A document that the parser reads (.pdf, .docx, .odt). One that it cannot read throws a Fault: it is refused by its name. */
export async function* readDocument(file: InputFile, context: ReadContext): AsyncGenerator<FileStep> {
  for (const each of await found(file, context)) yield { each, read: file.sizeBytes };
}

async function found(file: InputFile, { timeZone, parser }: ReadContext): Promise<Found[]> {
  const { kind, name, sizeBytes } = file;
  if (sizeBytes === 0) return [];
  const answer = await parsed(file, parser);
  if ("refused" in answer) throw new Fault("import.unreadable", answer.refused);
  const { document } = answer;
  const warnings: string[] = [];
  // The title of a scan alone is no memory of what it says.
  const isEmpty = kind === "pdf" && document.blocks.length === 0;
  const items = isEmpty ? [] : parseDocument(name, document, { timeZone, warnings });
  return [...items, ...[...document.notes, ...warnings].map((note) => ({ note, where: name }))];
}

async function parsed({ path, kind }: InputFile, parser: ReadContext["parser"]): Promise<ParserAnswer> {
  if (!isParsed(kind)) throw new Error(`${kind} has no parser.`);
  const fd = fs.openSync(path, "r");
  try {
    const sizeBytes = fs.fstatSync(fd).size;
    if (sizeBytes > fileBytesMax) return { refused: "The document is larger than 100 MB." };
    return await parser.parse({
      ...{ kind, sizeBytes },
      read(from, to) {
        const piece = Buffer.allocUnsafe(to - from);
        return piece.subarray(0, fs.readSync(fd, piece, 0, piece.length, from));
      },
    });
  } finally {
    fs.closeSync(fd);
  }
}

// What the tests of the parser share: parsers that are ended with their test, files, and a parser with another library.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Executor } from "@mh/core/ports/executor.ts";
import { systemTimers } from "@mh/host/adapters/system-timers.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { type ParserLimits, type ParserProgram, parserLimits, parserProgram } from "@mh/host/sandbox/parser-job.ts";
import { Parser, type ParserDeps, type ParserFile } from "@mh/host/sandbox/run-parser.ts";
import { afterAll, afterEach } from "vitest";
import { textPdf } from "./make-pdf.ts";

/** Of the test file that imports this. */
export const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-parser-")));
const open: Parser[] = [];
afterEach(() => {
  for (const parser of open.splice(0)) parser[Symbol.dispose]();
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

export const sandboxed: Executor = sandboxExecutor();

/** Of the processor little enough that a test sees its end soon. */
export const small: ParserLimits = { ...parserLimits, cpuMs: 6_000, memoryBytes: 320 * 2 ** 20 };

export function parserOf(deps: Partial<ParserDeps> = {}): Parser {
  const parser = new Parser({ executor: sandboxed, timers: systemTimers, isOwners: true, limits: small, ...deps });
  open.push(parser);
  return parser;
}

export type Named = ParserFile["kind"];
export const fileOf = (
  bytes: Uint8Array,
  kind: Named = "pdf",
  read: ParserFile["read"] = (from, to) => bytes.subarray(from, to),
): ParserFile => ({
  ...{ kind, sizeBytes: bytes.length, read },
});

export async function read(parser: Parser, bytes: Uint8Array, kind: Named = "pdf"): Promise<string | string[]> {
  const answer = await parser.parse(fileOf(bytes, kind));
  return "refused" in answer ? answer.refused : answer.document.blocks.map(({ text }) => text);
}

export const good: Buffer = textPdf(["Tea is green."]);
export const goodText = ["Tea is green."];

const own = parserProgram();
const ownFolder = own.places.find(({ at }) => at === "/mh/parser")?.from ?? "";

/** The parser with another library in the place of PDF.js, which finds this on the only page of each file. */
export function standIn(page: string): ParserProgram {
  const folder = fs.mkdtempSync(path.join(root, "program-"));
  const [parser, library] = ["parser", "node_modules/unpdf"].map((name) => path.join(folder, name)) as [string, string];
  fs.cpSync(ownFolder, parser, { recursive: true });
  fs.mkdirSync(library, { recursive: true });
  fs.writeFileSync(path.join(library, "package.json"), '{"type":"module","exports":{"./pdfjs":"./pdfjs.mjs"}}');
  fs.writeFileSync(
    path.join(library, "pdfjs.mjs"),
    `export class PasswordException extends Error {}
    export const PDFDateString = {};
    const found = ${page};
    const items = async () => [{ str: String(await found()), transform: [1, 0, 0, 1, 0, 0], height: 1, hasEOL: true }];
    const page = { getTextContent: async () => ({ items: await items() }), cleanup() {} };
    const pdf = { numPages: 1, getMetadata: async () => ({ info: {} }), getPage: async () => page };
    export const getDocument = () => ({ promise: Promise.resolve(pdf), destroy: async () => {} });`,
  );
  const places = [
    { from: parser, at: "/mh/parser" },
    { from: path.dirname(library), at: "/mh/node_modules" },
  ];
  return { entry: own.entry, places };
}

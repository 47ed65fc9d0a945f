import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { deflateSync } from "node:zlib";
import type { Ended, Found } from "@mh/core/memory/import/found.ts";
import { zipSync } from "fflate";
import { afterAll, expect, test } from "vitest";
import { linesOf, pagesPdf, pdfOf, textPdf } from "../../../../tests/support/make-pdf.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { parserLimits } from "../sandbox/parser-job.ts";
import { Parser } from "../sandbox/run-parser.ts";
import { openSource } from "./open-source.ts";

const root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-documents-"));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

async function read(files: Record<string, Uint8Array | string>, limits = parserLimits) {
  const folder = fs.mkdtempSync(path.join(root, "folder-"));
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
    fs.utimesSync(path.join(folder, name), 1e9, 1e9);
  }
  const parser = new Parser({ executor: sandboxExecutor(), timers: systemTimers, isOwners: true, limits });
  const source = await openSource(folder, { timeZone: "Europe/Berlin", nowMs: 2_000_000_000_000, parser });
  const found: (Found | Ended)[] = [];
  for await (const { each } of source.found()) found.push(each);
  return {
    items: found.flatMap((each) => ("item" in each ? [each.item] : [])),
    notes: found.flatMap((each) => ("note" in each ? [`${each.where}: ${each.note}`] : [])),
    refusals: found.flatMap((each) => ("refused" in each ? [`${each.where}: ${each.refused}`] : [])),
    fates: Object.fromEntries(found.flatMap((each) => ("end" in each ? [[each.where, each.end.fate]] : []))),
  };
}

test("H26 a PDF is a memory a page, which says its page, whose it is and when it was written", async () => {
  const info = "/Title(Garden plans)/Author(Ann Writer)/CreationDate(D:20240508100000+02'00')";
  const pages = [linesOf(["Oak for the shed."]), "", linesOf(["Tea in May."])];
  const { items, fates } = await read({ "deep/a.pdf": pagesPdf(pages, { info }), b: textPdf(["No name."]) });
  expect(
    items.map(({ externalId, content, at, session, source }) => [
      externalId,
      content,
      at?.slice(0, 10),
      session,
      source?.slice(0, 9),
    ]),
  ).toEqual([
    ["b#page-1", "b › page 1\n\nNo name.", "2001-09-09", "b", "markdown:"],
    [
      "deep/a.pdf#page-1",
      "Garden plans › page 1\n\nauthor: Ann Writer\ncreated: 2024-05-08T08:00:00.000Z\n\nOak for the shed.",
      "2024-05-08",
      "deep/a.pdf",
      "markdown:",
    ],
    ["deep/a.pdf#page-3", "Garden plans › page 3\n\nTea in May.", "2024-05-08", "deep/a.pdf", "markdown:"],
  ]);
  expect(fates).toEqual({ b: "read", "deep/a.pdf": "read" });
});

test("H26 a PDF that has no text is passed over and one that cannot be read is refused, each with the reason", async () => {
  const encrypted = pdfOf(
    ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"],
    `/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<${"01".repeat(32)}>/U<${"01".repeat(32)}>>>/ID[<01><01>]`,
  );
  const { items, notes, refusals, fates } = await read({
    "damaged.pdf": "%PDF-1.7 and no more",
    "empty.pdf": "",
    "locked.pdf": encrypted,
    "scan.pdf": pagesPdf(["0 0 9 9 re f", ""], { info: "/Title(Scan of a letter)" }),
    "z.md": "tea",
  });
  expect(items.map(({ externalId }) => externalId)).toEqual(["z.md"]);
  expect(notes).toEqual([
    "empty.pdf: It holds no text.",
    "scan.pdf: There is no text on its 2 pages; it may be a scan.",
  ]);
  expect(refusals).toEqual([
    "damaged.pdf: It is no PDF, or damaged beyond reading.",
    "locked.pdf: It is encrypted and opens with a password only.",
  ]);
  expect(fates).toEqual({
    "damaged.pdf": "refused",
    "empty.pdf": "passed over",
    "locked.pdf": "refused",
    "scan.pdf": "passed over",
    "z.md": "read",
  });
});

const paragraph = (text: string, style = "") =>
  `<w:p>${style && `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const docx = (body: string, level: 0 | 6 = 6) =>
  zipSync(
    {
      "word/document.xml": Buffer.from(`<?xml version="1.0"?><w:document><w:body>${body}</w:body></w:document>`),
      "docProps/core.xml": Buffer.from(
        '<cp:coreProperties><dc:title>Shed &amp; garden</dc:title><dc:creator>Ann Writer</dc:creator><dcterms:created xsi:type="W3CDTF">2024-05-08T10:00:00Z</dcterms:created></cp:coreProperties>',
      ),
    },
    { level },
  );

test("H26 documents of a word processor are read by headings; what was deleted is no text", async () => {
  const body = [
    paragraph("Intro"),
    paragraph("Wood", "Heading1"),
    "<w:p><w:r><w:t>Oak</w:t><w:tab/><w:t>&lt;12&gt;</w:t></w:r><w:del><w:r><w:delText>pine</w:delText></w:r></w:del></w:p>",
    paragraph("Nails", "berschrift2"),
  ].join("");
  const odt = zipSync({
    "content.xml": Buffer.from(
      '<office:document-content><text:h text:outline-level="1">Tea</text:h><text:p>Green<text:s/>one</text:p></office:document-content>',
    ),
  });
  const { items } = await read({ "a.docx": docx(body), "b.odt": odt });
  expect(items.map(({ externalId, content }) => [externalId, content])).toEqual([
    ["a.docx", "Shed & garden\n\nauthor: Ann Writer\ncreated: 2024-05-08T10:00:00Z\n\nIntro"],
    ["a.docx#wood", "Shed & garden › Wood\n\nOak\t<12>"],
    ["a.docx#nails", "Shed & garden › Wood › Nails"],
    ["b.odt#tea", "b › Tea\n\nGreen one"],
  ]);
  expect(items[0]?.at).toBe("2024-05-08T10:00:00.000Z");
});

test("H26 a paragraph goes on behind what stands in it: a text box, a footnote", async () => {
  const box = `<w:p><w:r><w:t>Before </w:t></w:r><w:r><w:txbxContent>${paragraph("boxed")}</w:txbxContent></w:r><w:r><w:t>behind</w:t></w:r></w:p>`;
  const note = "<text:p>One<text:note><text:note-body><text:p>foot</text:p></text:note-body></text:note> two</text:p>";
  const odt = zipSync({
    "content.xml": Buffer.from(`<office:document-content>${note}<constructor/></office:document-content>`),
  });
  const { items } = await read({ "a.docx": docx(box), "b.odt": odt });
  expect(items.map(({ content }) => content.split("\n\n").slice(-2))).toEqual([
    ["boxed", "Before behind"],
    ["foot", "One two"],
  ]);
});

test("H26 a hostile document is refused by its name, and the import goes on", async () => {
  const bomb = zipSync({ "word/document.xml": new Uint8Array(80_000_000) }, { level: 9 });
  const spaces = deflateSync(Buffer.alloc(400_000_000, " "), { level: 9 });
  const limits = { ...parserLimits, memoryBytes: 320 * 2 ** 20 };
  const { items, refusals, fates } = await read(
    {
      "a.pdf": textPdf(["one"]),
      "bomb.docx": bomb,
      "bomb.pdf": pagesPdf([spaces], { filter: "/Filter/FlateDecode" }),
      "c.docx": docx(paragraph("two")),
      "cut.docx": docx("x").subarray(0, 100),
      "none.docx": zipSync({ x: Buffer.from("x") }),
      "y.pdf": textPdf(["three"]),
      "z.md": "four",
    },
    limits,
  );
  expect(items.map(({ externalId }) => externalId)).toEqual(["a.pdf#page-1", "c.docx", "y.pdf#page-1", "z.md"]);
  expect(refusals).toEqual([
    "bomb.docx: The zip expands beyond all measure and was given up.",
    "bomb.pdf: Reading it took more than 320 MB of memory.",
    "cut.docx: The zip is cut off or damaged: it has no directory.",
    "none.docx: It is no document: the part with its text is missing.",
  ]);
  const hostile = Object.entries(fates).filter(([, fate]) => fate === "refused");
  expect(hostile.map(([name]) => name)).toEqual(["bomb.docx", "bomb.pdf", "cut.docx", "none.docx"]);
});

test("a document of nothing but tags, open and endless, costs time by its length alone", async () => {
  const endless = [
    "<w:p>".repeat(400_000),
    `<w:t ${'a="'.repeat(300_000)}`,
    `<w:p><w:t>${"&".repeat(900_000)}`,
    "<".repeat(900_000),
  ];
  const named = Object.fromEntries(endless.map((body, n) => [`${n}.docx`, docx(body, 0)]));
  const { refusals } = await read(named, { ...parserLimits, cpuMs: 15_000 });
  expect(refusals).toEqual([]);
});

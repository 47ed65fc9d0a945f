import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { zipSync } from "fflate";
import { expect, inject, test } from "vitest";
import { linesOf, pagesPdf, pdfOf, streamOf, textPdf } from "../../../../tests/support/make-pdf.ts";
import { fileOf, good, goodText, type Named, parserOf, read } from "../../../../tests/support/parser-trials.ts";
import { parserLimits } from "./parser-job.ts";

test("H26 a PDF is read by its pages: paragraphs are whole, words that a line cut too, and it says whose it is and when", async () => {
  const pages = [
    linesOf([
      "A line that goes on to the very end of it, infor-",
      "mation and more of that, up to the margin here,",
      "ends.",
      { text: "Another paragraph.", gap: 40 },
    ]),
    linesOf(["The second page."]),
    "",
    linesOf(["- one", "- two", "A line that is far longer than those of the list above."]),
  ];
  const info =
    "/Title(The shed \\(old\\))/Author(Ann Writer)/Keywords(wood, nails)/CreationDate(D:20240508100000+02'00')";
  expect(await parserOf().parse(fileOf(pagesPdf(pages, { info })))).toEqual({
    document: {
      title: "The shed (old)",
      properties: [
        ["author", "Ann Writer"],
        ["keywords", "wood, nails"],
        ["created", "2024-05-08T08:00:00.000Z"],
      ],
      blocks: [
        {
          text: "A line that goes on to the very end of it, information and more of that, up to the margin here, ends.",
          depth: 0,
          page: 1,
        },
        { text: "Another paragraph.", depth: 0, page: 1 },
        { text: "The second page.", depth: 0, page: 2 },
        { text: "- one\n- two\nA line that is far longer than those of the list above.", depth: 0, page: 4 },
      ],
      notes: [],
    },
    used: expect.anything(),
  });
});

const flate = "/Filter/FlateDecode";
const zeros = (bytes: number) => deflateSync(Buffer.alloc(bytes, " "), { level: 9 });
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const encrypted =
  "/Encrypt<</Filter/Standard/V 1/R 2/Length 40/P -4/O<0000000000000000000000000000000000000000000000000000000000000001>" +
  "/U<0000000000000000000000000000000000000000000000000000000000000001>>>/ID[<01><01>]";
const oneFont = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
const pageOf = (content: string) =>
  `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents ${content}/Resources<</Font<</F1 3 0 R>>/XObject<</X 5 0 R>>>>>>`;
const onePage = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[4 0 R]/Count 1>>", oneFont];

/** Damaged and hostile files, and what is said of each: its text, or why there is none. */
const files: Record<string, [bytes: Uint8Array, said: unknown, kind?: Named]> = {
  "nothing but a beginning": [Buffer.from("%PDF-1.7\n"), "It is no PDF, or damaged beyond reading."],
  "cut in the middle": [good.subarray(0, good.length / 2), expect.anything()],
  "a table of objects that is wrong": [
    Buffer.from(good.toString("latin1").replace(/00000 n/g, "00001 n"), "latin1"),
    goodText,
  ],
  "a place of the table that is none": [
    Buffer.from(good.toString("latin1").replace(/startxref\n\d+/, "startxref\n99999999"), "latin1"),
    goodText,
  ],
  "encrypted with a password": [
    pdfOf([...onePage, pageOf("6 0 R"), "null", streamOf(linesOf(["x"]))], encrypted),
    "It is encrypted and opens with a password only.",
  ],
  "a page that is no page": [
    pdfOf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[9 0 R]/Count 1>>"]),
    expect.anything(),
  ],
  "pages that are their own parents": [
    pdfOf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>"]),
    expect.anything(),
  ],
  "arrays in arrays": [
    pdfOf([...onePage, pageOf("6 0 R 5 0 R"), nested(500_000), streamOf(linesOf(["in arrays"]))]),
    ["in arrays"],
  ],
  "a form in itself": [
    pdfOf([
      ...onePage,
      pageOf("6 0 R"),
      streamOf("/X Do /X Do", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"),
      streamOf(`${linesOf(["in a form"])} /X Do`),
    ]),
    ["in a form"],
  ],
  "100,000 objects": [
    pdfOf([
      ...onePage,
      pageOf("6 0 R"),
      "null",
      streamOf(linesOf(["many"])),
      ...Array.from({ length: 100_000 }, () => "<</A[1 2 3]>>"),
    ]),
    ["many"],
  ],
  "a stream that expands a thousandfold": [pagesPdf([zeros(400_000_000)], { filter: flate }), expect.anything()],
  "one that does so twice": [
    pagesPdf([deflateSync(zeros(2_000_000_000 / 4), { level: 9 })], { filter: "/Filter[/FlateDecode/FlateDecode]" }),
    expect.anything(),
  ],
  "a page that is there ten million times": [
    pdfOf([
      "<</Type/Catalog/Pages 2 0 R>>",
      "<</Type/Pages/Kids[4 0 R]/Count 10000000>>",
      oneFont,
      pageOf("5 0 R"),
      streamOf(linesOf(["once"])),
    ]),
    expect.arrayContaining(["once"]),
  ],
  "a million stretches of text": [
    pagesPdf([deflateSync(`BT /F1 9 Tf ${"(long text) Tj ".repeat(1_000_000)} ET`)], { filter: flate }),
    [expect.stringMatching(/^(?:long text)+$/)],
  ],
  "a script, an attachment and an action": [
    pagesPdf([linesOf(["plain"])], {
      catalog:
        "/OpenAction<</S/JavaScript/JS(while\\(true\\){})>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.launchURL\\('http://127.0.0.1'\\))>>]>>>>",
    }),
    ["plain"],
  ],
  "a document that expands beyond measure": [
    zipSync({ "word/document.xml": new Uint8Array(80_000_000) }, { level: 9 }),
    "The zip expands beyond all measure and was given up.",
    "docx",
  ],
  "entities of entities": [
    zipSync({
      "word/document.xml": Buffer.from(
        `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]><w:p><w:t>&b;&c;</w:t></w:p>`,
      ),
    }),
    ["&b;&c;"],
    "docx",
  ],
  "a document behind a password": [
    Buffer.from("d0cf11e0a1b11ae1", "hex"),
    "It is encrypted, or a .doc by another name. Save it as .docx without a password.",
    "docx",
  ],
  "an .odt behind a password": [
    zipSync({ "META-INF/manifest.xml": Buffer.from("<manifest:encryption-data/>"), "content.xml": Buffer.from([255]) }),
    "It is encrypted. Save it without a password.",
    "odt",
  ],
};

test.each(Object.entries(files))("H26 %s ends nothing but itself", async (_what, [bytes, said, kind]) => {
  const parser = parserOf();
  expect(await read(parser, bytes, kind)).toEqual(said);
  expect(await read(parser, good)).toEqual(goodText);
});

test("H26 no bytes make the parser crash, or answer late", async () => {
  const parser = parserOf({ limits: parserLimits });
  const [pdf, word] = [
    textPdf(["Tea is green."], ["(second)"]),
    zipSync({ "word/document.xml": Buffer.from("<w:p><w:t>x") }),
  ];
  const changes = fc.array(fc.record({ at: fc.nat(2_000), byte: fc.nat(255) }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Named>("pdf", "docx", "odt"),
      changes,
      fc.option(fc.nat(2_000)),
      async (kind, all, cut) => {
        const bytes = Buffer.from(kind === "pdf" ? pdf : word);
        for (const { at, byte } of all) bytes[at % bytes.length] = byte;
        const answer = await parser.parse(fileOf(bytes.subarray(0, cut ?? bytes.length), kind));
        if ("refused" in answer) expect(answer.refused).not.toMatch(/crashed|took more|started/);
      },
    ),
    { seed: inject("seed"), numRuns: 500 },
  );
});

test("H26 a document's text ends after a million characters, and it says so", async () => {
  const page = linesOf(Array.from({ length: 40 }, () => "x".repeat(80)));
  const kids = "4 0 R ".repeat(400);
  const pdf = pdfOf([
    "<</Type/Catalog/Pages 2 0 R>>",
    `<</Type/Pages/Kids[${kids}]/Count 400>>`,
    oneFont,
    pageOf("5 0 R"),
    streamOf(page),
  ]);
  const answer = await parserOf().parse(fileOf(pdf));
  if ("refused" in answer) throw new Error(answer.refused);
  const { blocks, notes } = answer.document;
  expect(blocks.reduce((sum, { text }) => sum + text.length, 0)).toBe(1_000_000);
  expect(notes).toEqual([
    expect.stringMatching(/^Only the first 3\d\d pages of 400 were read\.$/),
    "Only the first 1,000,000 characters were read.",
  ]);
});

test("H26 text in a font whose codes nobody here knows is not read, and that is said", async () => {
  const font = (encoding: string) =>
    `<</Type/Font/Subtype/Type0/BaseFont/Song/Encoding/${encoding}/DescendantFonts[6 0 R]>>`;
  const pdf = (encoding: string, latin: string) =>
    pdfOf([
      ...onePage.slice(0, 2),
      font(encoding),
      "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 5 0 R/Resources<</Font<</F1 3 0 R/F2 8 0 R>>>>>>",
      streamOf(`BT /F1 12 Tf 72 700 Td <4F60597D> Tj ${latin} ET`),
      "<</Type/Font/Subtype/CIDFontType0/BaseFont/Song/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/FontDescriptor 7 0 R>>",
      "<</Type/FontDescriptor/FontName/Song/Flags 4/FontBBox[0 0 1 1]/ItalicAngle 0/Ascent 1/Descent 0/CapHeight 1/StemV 1>>",
      oneFont,
    ]);
  const note = "Text in East Asian fonts that need a table of their codes was not read.";
  const parser = parserOf();
  for (const encoding of ["UniGB-UCS2-H", "GBK-EUC-H", "Identity-H"])
    expect(await parser.parse(fileOf(pdf(encoding, "/F2 12 Tf (Latin) Tj")))).toMatchObject({
      document: { blocks: [{ text: "Latin" }], notes: [note] },
    });
  expect(await parser.parse(fileOf(pdf("GBK-EUC-H", "")))).toMatchObject({ document: { blocks: [], notes: [note] } });
});

import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { deflateSync } from "node:zlib";
import type { Executor } from "@mh/core/ports/executor.ts";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, afterEach, describe, expect, inject, test } from "vitest";
import { linesOf, pagesPdf, pdfOf, streamOf, textPdf } from "../../../../tests/support/make-pdf.ts";
import { processesWith } from "../../../../tests/support/processes-with.ts";
import { systemTimers } from "../adapters/system-timers.ts";
import { findSandbox, sandboxExecutor } from "./executor.ts";
import { type ParserLimits, type ParserProgram, parserLimits, parserProgram } from "./parser-job.ts";
import { ProcessRun } from "./process-run.ts";
import { Parser, type ParserDeps, type ParserFile } from "./run-parser.ts";

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "mh-parser-")));
const open: Parser[] = [];
afterEach(() => {
  for (const parser of open.splice(0)) parser[Symbol.dispose]();
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const sandboxed = sandboxExecutor();
/** A machine that has no sandbox. */
const unsandboxed: Executor = {
  ...sandboxed,
  run: (job) => new ProcessRun(job, { sandbox: async () => ({ kind: "none", reason: "none", tried: [], caps: [] }) }),
};
const { kind: sandboxKind } = await findSandbox();

/** Of the processor little enough that a test sees its end soon. */
const small: ParserLimits = { ...parserLimits, cpuMs: 6_000, memoryBytes: 320 * 2 ** 20 };

function parserOf(deps: Partial<ParserDeps> = {}): Parser {
  const parser = new Parser({ executor: sandboxed, timers: systemTimers, isOwners: true, limits: small, ...deps });
  open.push(parser);
  return parser;
}

type Named = ParserFile["kind"];
const fileOf = (
  bytes: Uint8Array,
  kind: Named = "pdf",
  read: ParserFile["read"] = (from, to) => bytes.subarray(from, to),
): ParserFile => ({
  ...{ kind, sizeBytes: bytes.length, read },
});

async function read(parser: Parser, bytes: Uint8Array, kind: Named = "pdf") {
  const answer = await parser.parse(fileOf(bytes, kind));
  return "refused" in answer ? answer.refused : answer.document.blocks.map(({ text }) => text);
}

const good = textPdf(["Tea is green."]);
const goodText = ["Tea is green."];

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

const own = parserProgram();
const ownFolder = own.places.find(({ at }) => at === "/mh/parser")?.from ?? "";

/** The parser with another library in the place of PDF.js, which finds this on the only page of each file. */
function standIn(page: string): ParserProgram {
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

const text = Buffer.from("a file");

describe.each([
  ["in the sandbox", sandboxed],
  ["without a sandbox", unsandboxed],
])("limits %s", (_where, executor) => {
  const limited = (page: string, more: Partial<ParserLimits>) =>
    read(parserOf({ executor, program: standIn(page), limits: { ...small, ...more } }), text);

  test("H26 a file is read", async () => {
    expect(await read(parserOf({ executor }), good)).toEqual(goodText);
  });

  test("H26 a parser that never comes to an end is ended by the processor's time", async () => {
    expect(await limited("() => { for (;;); }", { cpuMs: 1_000 })).toBe(
      "Reading it took more than 1 s of the processor.",
    );
  });

  test("H26 a parser that waits for what never comes is ended by the clock", async () => {
    expect(await limited("() => new Promise(() => {})", { timeMs: 1_000 })).toBe("Reading it took more than 1 s.");
  });

  test("H26 a parser that takes all memory is ended", async () => {
    const hoard = "() => { const all = []; for (;;) all.push(Buffer.alloc(2 ** 20, 1)); }";
    expect(await limited(hoard, {})).toBe("Reading it took more than 320 MB of memory.");
    const inHeap = "() => { const all = []; for (let n = 0; ; n++) all.push({ n, text: String(n) + n }); }";
    expect(await limited(inHeap, { cpuMs: 60_000 })).toBe("Reading it took more than 320 MB of memory.");
  });

  test("H26 a parser that answers without end is ended", async () => {
    expect(await limited("() => 'x'.repeat(900_000)", { answerBytesMax: 2 ** 19 })).toBe(
      "Reading it took more than 0 MB for its text.",
    );
  });
});

test.each([
  ["no JSON", "() => 'no JSON'"],
  ["JSON that is no answer", "(line) => line.replace('depth', 'height')"],
])("H26 a parser that sends %s is heeded in nothing", async (_what, change) => {
  const page = `async () => {
    const net = await import("node:net");
    const { write } = net.Socket.prototype;
    net.Socket.prototype.write = function (line) { return write.call(this, (${change})(line) + "\\n"); };
  }`;
  expect(await read(parserOf({ program: standIn(page) }), text)).toBe("Its parser crashed on it.");
});

const attempts = (port: number, secret: string) => `async () => {
  const tries = {
    file: async () => (await import("node:fs")).readFileSync(${JSON.stringify(secret)}),
    system: async () => (await import("node:fs")).readFileSync("/etc/passwd"),
    write: async () => (await import("node:fs")).writeFileSync("/tmp/x", "x"),
    folder: async () => (await import("node:fs")).readdirSync("/"),
    socket: async () => new Promise(async (resolve, reject) =>
      (await import("node:net")).connect(${port}, "127.0.0.1").on("connect", resolve).on("error", reject)),
    fetch: async () => fetch("http://127.0.0.1:${port}"),
    process: async () => (await import("node:child_process")).execFileSync("/bin/sh", ["-c", "true"]),
    thread: async () => new (await import("node:worker_threads")).Worker("1", { eval: true }),
    code: async () => new Function("return 1")(),
    addon: async () => process.dlopen({ exports: {} }, "/lib/x.node"),
  };
  const done = [];
  for (const [name, attempt] of Object.entries(tries)) await attempt().then(() => done.push(name), () => {});
  return ["succeeded:", ...done, ...Object.keys(process.env).filter((name) => name !== 'PWD')].join(" ").trim();
}`;

test.skipIf(sandboxKind === "none")(
  "K15 a parser that was taken over reaches no file, no network and no process",
  async () => {
    const secret = path.join(root, "secret");
    fs.writeFileSync(secret, "x");
    let connections = 0;
    const server = net.createServer(() => connections++).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    const [said] = await read(parserOf({ program: standIn(attempts(port, secret)) }), text);
    server.close();
    expect([said, connections]).toEqual(["succeeded:", 0]);
  },
);

const parsers = () => processesWith("parser-entry");
const killAll = () => {
  const isKilled = (pid: number): boolean => {
    try {
      return process.kill(pid, "SIGKILL");
    } catch (error) {
      // One of them ended with another that was killed before it.
      if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
      throw error;
    }
  };
  return parsers().filter(isKilled).length;
};
const large = pagesPdf([linesOf(["large"]), Buffer.alloc(3_000_000, " ")]);

test.skipIf(sandboxKind === "seatbelt")(
  "H26 one process reads many files; killed in the middle of one, that is read by another",
  async () => {
    let begun = 0;
    const counted: Executor = {
      ...sandboxed,
      run: (job) => [sandboxed.run(job), begun++][0] as ReturnType<Executor["run"]>,
    };
    const parser = parserOf({ executor: counted, limits: parserLimits });
    for (let n = 0; n < 5; n++) expect(await read(parser, good)).toEqual(goodText);
    expect([begun, parsers().length > 0]).toEqual([1, true]);
    let killed = 0;
    const once = fileOf(large, "pdf", (from, to) => {
      if (from > 0 && killed === 0) killed = killAll();
      return large.subarray(from, to);
    });
    expect(await parser.parse(once)).toMatchObject({ document: { blocks: [{ text: "large" }] } });
    expect([begun, killed > 0]).toEqual([2, true]);
    const always = fileOf(large, "pdf", (from, to) => {
      if (from > 0) killAll();
      return large.subarray(from, to);
    });
    expect(await parser.parse(always)).toEqual({ refused: "Its parser crashed on it." });
    expect(await read(parser, good)).toEqual(goodText);
    parser[Symbol.dispose]();
    await expect.poll(parsers).toEqual([]);
  },
);

test("H26 files that each use a good part of what one may are all read: none pays for those before it", async () => {
  const busy = `() => {
    const used = () => { const { user, system } = process.cpuUsage(); return user + system; };
    for (const end = used() + 700_000; used() < end; ) for (let n = 0; n < 1e7; n++);
    return "read";
  }`;
  const parser = parserOf({ program: standIn(busy), limits: { ...small, cpuMs: 2_400 } });
  for (let n = 0; n < 5; n++) expect(await read(parser, text)).toEqual(["read"]);
});

test("H26 a file that becomes shorter while it is read is refused, and the next one is read", async () => {
  const parser = parserOf();
  const shrunk = fileOf(large, "pdf", (from, to) => large.subarray(from, Math.min(to, 2_000_000)));
  await expect(parser.parse(shrunk)).rejects.toThrow("It became shorter while it was read.");
  expect(await read(parser, good)).toEqual(goodText);
});

test("H26 STOP and a cancellation end it in the middle of a file; what the owner imports goes on", async () => {
  const stopFile = path.join(root, "STOP");
  const executor = sandboxExecutor({ stopFile });
  const program = standIn("() => new Promise(() => {})");
  const cancel = new AbortController();
  const cancelled = parserOf({ program, signal: cancel.signal }).parse(fileOf(text));
  cancel.abort(new Error("Ctrl-C"));
  await expect(cancelled).rejects.toThrow("Ctrl-C");
  const others = parserOf({ executor, program, isOwners: false }).parse(fileOf(text));
  fs.writeFileSync(stopFile, "");
  await expect(others).rejects.toThrow(/STOP/);
  await expect(parserOf({ executor, isOwners: false }).parse(fileOf(good))).rejects.toThrow(/STOP stands/);
  expect(await read(parserOf({ executor }), good)).toEqual(goodText);
});

import * as fs from "node:fs";
import * as path from "node:path";
import { deflateSync } from "node:zlib";
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { pagesPdf, pdfOf, textPdf } from "../support/make-pdf.ts";
import { type Mh, makeMh } from "./mh.ts";

type Listed = { externalId: string; content: string };

const memories = (mh: Mh): string[] =>
  mh
    .run(["memory", "list", "--all", "--json"])
    .out.split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Listed)
    .map(({ externalId, content }) => `${externalId}: ${content.split("\n\n").at(-1)}`)
    .sort();

/** Good documents, with hostile ones among them in the order they are read. */
function lay(beside: string): string {
  const folder = path.join(beside, "papers");
  fs.mkdirSync(folder);
  const word = (text: string) => zipSync({ "word/document.xml": Buffer.from(`<w:p><w:t>${text}</w:t></w:p>`) });
  const files = {
    "a.pdf": textPdf(["Oak for the shed."], ["Nails, too."]),
    "b-bomb.pdf": pagesPdf([deflateSync(Buffer.alloc(1_500_000_000, " "), { level: 9 })], {
      filter: "/Filter/FlateDecode",
    }),
    "c.docx": word("Tea in May."),
    "d-bomb.docx": zipSync({ "word/document.xml": new Uint8Array(80_000_000) }, { level: 9 }),
    "e-loop.pdf": pdfOf(["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>"]),
    "f-cut.pdf": textPdf(["cut"]).subarray(0, 200),
    "g.pdf": textPdf(["The last one."]),
  };
  for (const [name, bytes] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), bytes);
  return folder;
}

const good = [
  "a.pdf#page-1: Oak for the shed.",
  "a.pdf#page-2: Nails, too.",
  "c.docx: Tea in May.",
  "g.pdf#page-1: The last one.",
];

test("H26 a folder of documents with hostile ones among them: all good ones are read, once, and the others named with the reason", () => {
  using mh = makeMh();
  const folder = lay(path.dirname(mh.root));
  const first = mh.run(["import", folder]);
  expect(first.code, first.err).toBe(0);
  expect(memories(mh)).toEqual(good);
  for (const reason of [
    /Reading it took more than .* b-bomb\.pdf|b-bomb\.pdf.*took more than/s,
    /expands beyond all measure/,
    /no PDF, or damaged beyond reading/,
  ])
    expect(first.out + first.err).toMatch(reason);
  mh.run(["import", folder]);
  expect(memories(mh)).toEqual(good);
  expect(mh.run(["audit", "verify"]).code).toBe(0);
});

test("H26 killed while a hostile document is read, an import goes on when it is run again", async () => {
  using mh = makeMh();
  const folder = lay(path.dirname(mh.root));
  expect(await mh.startKilled(["import", folder, "--json"], { lines: 0, laterMs: 1_000 })).toMatchObject({ code: -1 });
  mh.run(["import", folder]);
  expect(memories(mh)).toEqual(good);
});

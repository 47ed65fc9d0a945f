import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { type CsvContext, parseCsv } from "./csv.ts";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const read = (file: string | Uint8Array, context: Partial<CsvContext> = {}) =>
  [
    ...parseCsv(typeof file === "string" ? Buffer.from(file) : file, {
      timeZone: "Europe/Berlin",
      sha256Hex,
      map: {},
      ...context,
    }),
  ].map(({ each }) => each);
const contents = (found: ReturnType<typeof read>) =>
  found.flatMap((each) => ("item" in each ? [each.item.content] : []));
const refusals = (found: ReturnType<typeof read>) =>
  found.flatMap((each) => ("refused" in each ? [`${each.where}: ${each.refused}`] : []));

test("no bytes make it throw, and no two rows share an id", () => {
  const piece = fc.constantFrom(
    "a,b\n",
    '"',
    '""',
    "\n",
    "\r\n",
    ",",
    ";",
    "\t",
    "id,text\n",
    "1,x\n",
    "__proto__,b\n",
    "\0",
    "ü",
    "\ud800",
  );
  const file = fc.oneof(
    fc.array(piece).map((pieces) => Buffer.from(pieces.join(""))),
    fc.uint8Array({ maxLength: 300 }),
  );
  fc.assert(
    fc.property(file, (bytes) => {
      const ids = read(bytes).flatMap((each) => ("item" in each ? [each.item.externalId] : []));
      expect(new Set(ids).size).toBe(ids.length);
    }),
    { seed: inject("seed") },
  );
});

test("a quote that is never closed costs its own row, with its line number", () => {
  const found = read(
    'id,text\r\n1,good\r\n2,"never closed\r\n3,good too\r\n\r\n4,"two\r\nlines"\r\n5,a "quote" inside\r\n6,"closed" early\r\n7,last\r\n',
  );
  expect(contents(found)).toEqual(["good", "good too", "two\nlines", 'a "quote" inside', '"closed" early', "last"]);
  expect(refusals(found)).toEqual(["line 3: A quote in this row is followed by text instead of a separator."]);
  expect(refusals(read('id,text\n1,"open\n2,b\n3,c\n'))).toEqual([
    "line 2: A quote is opened in this row and never closed.",
  ]);
  expect(contents(read('id,text\n1,"open\n2,b\n3,c\n'))).toEqual(["b", "c"]);
});

test("good rows are found again after a bad one in a file larger than one look", () => {
  const rows = Array.from({ length: 120_000 }, (_, n) => `${n},"row ${n}, of ${"x".repeat(60)}"`);
  rows[60_000] = '60000,"open';
  const found = read(`id,text\n${rows.join("\n")}`);
  expect(contents(found)).toHaveLength(119_999);
  expect(refusals(found)).toEqual([expect.stringMatching(/^line 60002: /)]);
});

test("H26 no cell is dropped: one too many is text, and so is a date that is not clear", () => {
  const found = read("text,date\nAye, said he,2024-05-08\nfine,5/8/2024\n", { timeZone: "UTC" });
  expect(found).toMatchObject([
    { note: "The row has more cells than there are columns; all were taken.", where: "line 2" },
    { item: { content: expect.stringContaining("Column 3: 2024-05-08") }, where: "line 2" },
    { note: expect.stringContaining("Its date is not clear"), where: "line 2" },
    { item: { content: "fine\n\ndate: 5/8/2024" }, where: "line 3" },
    { note: expect.stringContaining("Its date is not clear"), where: "line 3" },
  ]);
});

test("columns named like an object's own are columns", () => {
  expect(contents(read("__proto__,constructor\n1,2\n"))).toEqual(["__proto__: 1\nconstructor: 2"]);
});

test("a mapped column that is not there is said, with those that are", () => {
  expect(() => read("a,b\n1,2\n", { map: { content: "Notes" } })).toThrow("There is no column Notes; there are: a, b.");
});

test.each([
  ["semicolons", "date;text;tags\n2024-05-08;Hello;a, b\n"],
  ["tabs", "date\ttext\ttags\n2024-05-08\tHello\ta, b\n"],
  ["a mark in front", '\uFEFFdate,text,tags\n2024-05-08,Hello,"a, b"\n'],
  ["mapping", 'Day,Notes,tags\n2024-05-08,Hello,"a, b"\n'],
])("fields are found by name: %s", (_, file) => {
  const map: CsvContext["map"] = file.startsWith("Day") ? { at: "day", content: "Notes" } : {};
  expect(read(file, { map })).toMatchObject([
    {
      item: {
        content: "Hello",
        at: "2024-05-07T22:00:00.000Z",
        tags: ["a", "b"],
        externalId: expect.stringMatching(/^sha256:/),
      },
    },
  ]);
});

test("what no field claims stays in the text; equal rows are told apart by their count", () => {
  const file =
    "title,text,url,time,date\nT,body,https://x.example,10:00,2024-05-08\nT,body,https://x.example,10:00,2024-05-08\n";
  const [first, second] = read(file).map((each) => ("item" in each ? each.item : undefined));
  expect(first).toMatchObject({ content: "T\n\nbody\n\nurl: https://x.example", at: "2024-05-08T08:00:00.000Z" });
  expect(second?.externalId).toBe(`${first?.externalId}#2`);
});

test("without a header every row is a memory; old code pages are read", () => {
  expect(contents(read("2024-05-08,5\n2024-05-09,6\n"))).toEqual([
    "Column 1: 2024-05-08\nColumn 2: 5",
    "Column 1: 2024-05-09\nColumn 2: 6",
  ]);
  expect(contents(read(Buffer.from("id,text\n1,Gr\xfc\xdfe \x80\n", "latin1")))).toEqual(["Grüße €"]);
});

const dated = (file: string, more = {}) =>
  read(file, more).flatMap((each) => ("item" in each ? [each.item.at?.slice(0, 16)] : []));

test.each([
  ["a German table", "Datum;Was\n31.12.2025;Fireworks\n", ["2025-12-30T23:00"]],
  [
    "one row tells for all: day first",
    "date,text\n5/8/2024,a\n25/8/2024,b\n",
    ["2024-08-04T22:00", "2024-08-24T22:00"],
  ],
  [
    "one row tells for all: month first",
    "date,text\n5/8/2024,a\n5/25/2024,b\n",
    ["2024-05-07T22:00", "2024-05-24T22:00"],
  ],
  ["Start Date, with a time", "Subject,Start Date,Start Time\nTea,05/25/2024,1:30 PM\n", ["2024-05-25T11:30"]],
  ["Timestamp", "Timestamp,text\n2024/05/08 13:56:00,a\n", ["2024-05-08T11:56"]],
  ["eight digits", "date,text\n20260105,a\n", ["2026-01-04T23:00"]],
  ["Excel's serials", "date,text\n45420.5,a\n", ["2024-05-08T10:00"]],
  ["a line that says the separator", "sep=;\ndate;text\n2024-05-08;a, b\n", ["2024-05-07T22:00"]],
  ["no row of names", "31.12.2025;Fireworks\n01.01.2026;Rest\n", ["2025-12-30T23:00", "2025-12-31T23:00"]],
])("H26 dates of a table: %s", (_what, file, expected) => {
  expect(dated(file)).toEqual(expected);
});

test("H26 a number is no date where nothing says so, nor is a column whose name is one in another language", () => {
  expect(dated("Anna;20095;Hamburg\nTom;75001;Paris\n")).toEqual([undefined, undefined]);
  expect(dated("Anna;1715176980;Hamburg\n")).toEqual([undefined]);
  expect(read("title,tag\nTea,green\n")).toMatchObject([{ item: { tags: ["green"] } }]);
  expect(read("id,data\n1,tea\n")).toMatchObject([{ item: { content: "data: tea" } }]);
  expect(dated("start,task\n,sow\n2024-05-08,water\n")).toEqual([undefined, "2024-05-07T22:00"]);
  expect(dated("Data;Testo\n08/05/2024;a\n25/05/2024;b\n")).toEqual(["2024-05-07T22:00", "2024-05-24T22:00"]);
});

test("H26 --date-order says what a column does not", () => {
  expect(dated("date,text\n5/8/2024,a\n", { dateOrder: "mdy" })).toEqual(["2024-05-07T22:00"]);
  expect(dated("date,text\n5/8/2024,a\n", { dateOrder: "dmy" })).toEqual(["2024-08-04T22:00"]);
  expect(dated("date,text\n5/8/2024,a\n25/8/2024,b\n", { dateOrder: "mdy" })).toEqual([
    "2024-08-04T22:00",
    "2024-08-24T22:00",
  ]);
  // What can mean one day only means that one, whatever is said of the others.
  expect(dated("date,text\n25/8/2024,a\n5/25/2024,b\n", { dateOrder: "mdy" })).toEqual([
    "2024-08-24T22:00",
    "2024-05-24T22:00",
  ]);
});

test("H26 a quote inside of a cell is a letter; two columns may have one name", () => {
  expect(contents(read('id,text\n1,The 12" record\n2,b\n'))).toEqual(['The 12" record', "b"]);
  expect(contents(read("date,text,note,note\n2024-05-08,a,b,c\n"))).toEqual(["a\n\nnote: b\nnote: c"]);
});

test("H26 what no column tells is read as is usual where the owner is, and said", () => {
  const file = "date,text\n5/8/2024,a\n6/8/2024,b\n";
  expect(dated(file)).toEqual(["2024-08-04T22:00", "2024-08-05T22:00"]);
  expect(dated(file, { timeZone: "America/New_York" })).toEqual(["2024-05-08T04:00", "2024-06-08T04:00"]);
  expect(dated(file, { timeZone: "UTC" })).toEqual([undefined, undefined]);
  expect(read(file).filter((each) => "note" in each)).toEqual([
    { note: expect.stringContaining("as is usual in your time zone"), where: "the file" },
  ]);
  expect(read("date,text\n25/8/2024,a\n").filter((each) => "note" in each)).toEqual([]);
});

test.each([
  ["Buchungstag;Verwendungszweck\n05.01.2026;Miete\n", ["2026-01-04T23:00"]],
  ["Invoice Date,Paid\n2026-01-05,yes\n", ["2026-01-04T23:00"]],
  ["Wann,Was\n05.01.2026 14:30 Uhr,Tee\n", ["2026-01-05T13:30"]],
  ["Date,Note\n05-Jan-26,a\n", ["2026-01-04T23:00"]],
  ["Name,Birthday\nAnn,1980-02-03\n", [undefined]],
  ["Title,Due date\nRent,2026-02-03\n", [undefined]],
])("H26 a column of days by the end of its name: %j", (file, expected) => expect(dated(file)).toEqual(expected));

test.each(["", "Statement", "Statement;;", ";;\nStatement;;\n;;"])(
  "H26 empty rows above a table are no names: %j",
  (above) => {
    const file = `${above}\n;;\n ; ;\nBuchungstag;Text;Betrag\n;;\n05.01.2026;Miete;-800,00\n06.01.2026;Lohn;\n`;
    const table = ["Miete\n\nBetrag: -800,00", "Lohn"];
    expect(contents(read(file))).toEqual([...(above === "" ? [] : ["Column 1: Statement"]), ...table]);
    expect(dated(file).slice(-2)).toEqual(["2026-01-04T23:00", "2026-01-05T23:00"]);
  },
);

test("H26 as many lines above a table as in it take nothing from its names", () => {
  const above = '"Konto:";"DE99";\n\n"Von:";"01.01.2026";\n"Stand:";"1,00 EUR";\n\n';
  const file = `${above}"Buchungstag";"Text";"Betrag";"Wer";"Was";\n"09.01.2026";"Miete";"-8,00";"Acme";"x";\n"10.01.2026";"Lohn";"9,00";"Acme";"y";\n`;
  expect(dated(file).slice(-2)).toEqual(["2026-01-08T23:00", "2026-01-09T23:00"]);
  expect(contents(read(file)).at(-1)).toBe("Lohn\n\nBetrag: 9,00\nWer: Acme\nWas: y");
});

test("H26 what stands above a table, as a bank writes it, is taken, and the table is read by its names", () => {
  const file =
    "Statement\nIBAN: DE00 1234\n\nBuchungstag;Text;Betrag\n05.01.2026;Miete;-800,00\n06.01.2026;Lohn;900,00\n";
  const found = read(file);
  expect(contents(found)).toEqual([
    "Column 1: Statement",
    "Column 1: IBAN: DE00 1234",
    "Miete\n\nBetrag: -800,00",
    "Lohn\n\nBetrag: 900,00",
  ]);
  expect(dated(file)).toEqual([undefined, undefined, "2026-01-04T23:00", "2026-01-05T23:00"]);
  expect(found.filter((each) => "note" in each)).toEqual([
    { note: "Lines stand above its table; they were taken as they are.", where: "line 1" },
  ]);
});

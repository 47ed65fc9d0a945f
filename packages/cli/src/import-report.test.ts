import type { Found } from "@mh/core/memory/import/found.ts";
import { expect, test } from "vitest";
import { ImportReport } from "./import-report.ts";
import { type Printer, makePrinter as realPrinter } from "./print.ts";

function makePrinter(isJson = false) {
  const said: string[] = [];
  const say = (text = "") => void said.push(text);
  const printer: Printer = {
    ...realPrinter({ json: isJson, quiet: false }),
    isJson,
    width: 80,
    line: say,
    json: (value) => say(JSON.stringify(value)),
    note: say,
    error: say,
    progress: () => undefined,
  };
  return { printer, said };
}

const refused = (n: number): Found => ({ refused: "It is empty.", externalId: null, where: `line ${n}` });
const item: Found = {
  item: { externalId: "1", content: "Dinner\n\u001b[31mlate", at: "2024-05-08T10:00:00.000Z", kind: "artifact" },
  where: "a.md",
};

test("many refusals are one line with its count and five places; a remark is no refusal", () => {
  const { printer, said } = makePrinter();
  const report = new ImportReport(printer);
  for (let n = 1; n <= 1_200; n++) report.tried(refused(n));
  report.tried({ note: "It has no date.", where: "\u001b[2J" });
  expect(report.counts.refused).toBe(1_200);
  report.reasons();
  expect(said).toEqual([
    "1,200  refused: It is empty.",
    ...[1, 2, 3, 4, 5].map((n) => `         line ${n}`),
    "         … and 1,195 more",
    "    1  note: It has no date.",
    "         [U+001B][2J",
  ]);
});

test("a trial shows kind, date and words, and nothing that plays tricks on a screen", () => {
  const { printer, said } = makePrinter();
  const report = new ImportReport(printer);
  report.tried(item);
  report.dryRun("openclaw", false);
  expect(said).toEqual([
    "  2024-05-08  artifact  a.md: Dinner [U+001B][31mlate",
    "Would take in 1 memory (openclaw: 1 artifact, 2024-05-08 to 2024-05-08); 0 refused. Nothing was written.",
  ]);
});

test("as JSON everything is said, a line each", () => {
  const { printer, said } = makePrinter(true);
  const report = new ImportReport(printer);
  report.tried(refused(1));
  report.tried({ note: "It has no date.", where: "line 2" });
  report.tried(item);
  report.dryRun("csv", false);
  expect(said.map((line) => JSON.parse(line))).toEqual([
    { id: null, externalId: null, status: "refused", reason: "It is empty.", where: "line 1" },
    { note: "It has no date.", where: "line 2" },
    {
      dryRun: true,
      format: "csv",
      items: 1,
      refused: 1,
      kinds: { artifact: 1 },
      from: "2024-05-08T10:00:00.000Z",
      to: "2024-05-08T10:00:00.000Z",
    },
  ]);
});

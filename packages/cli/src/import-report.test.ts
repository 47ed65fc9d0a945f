import { expect, test } from "vitest";
import { tellImport, tellPreview } from "./import-report.ts";
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

const read = {
  ...{ format: "openclaw" as const, source: "openclaw:/x", files: 1, bytes: 1_500, refused: 0, remarks: [] },
  inventory: [
    { fate: "read" as const, kind: "openclaw", files: 1, examples: ["a.md"] },
    { fate: "skipped" as const, kind: "png", files: 1_200, examples: ["a.png"] },
    { fate: "skipped" as const, kind: ".git", files: 7, examples: [".git"] },
  ],
  ...{ kinds: { episodic: 0, artifact: 1, semantic: 0 } },
  ...{ from: "2024-05-08T10:00:00.000Z", to: "2024-05-08T10:00:00.000Z" },
};

test("many refusals are one line with its count and a few places; a remark is no refusal", () => {
  const { printer, said } = makePrinter();
  const refused = {
    ...{ what: "refused" as const, reason: "It is empty.", count: 1_200 },
    examples: ["line 1", "line 2"],
  };
  const note = { what: "note" as const, reason: "It has no date.", count: 1, examples: ["\u001b[2J"] };
  const counts = {
    added: 0,
    updated: 0,
    duplicate: 0,
    gone: 0,
    tasks: { found: 60, offered: 50 },
    refused: 1_200,
    task: "t",
  };
  tellImport(printer, { ...read, ...counts, remarks: [refused, note] });
  expect(said).toEqual([
    "Read openclaw: 1 file, 1.5 kB, as openclaw:/x.",
    "Read: 1 openclaw.",
    "Of kinds that are not read: 1,200 png, 7 .git.",
    "1,200  refused: It is empty.",
    "         line 1",
    "         line 2",
    "         … and 1,198 more",
    "    1  note: It has no date.",
    "         [U+001B][2J",
    "50 of the 60 open tasks in your notes wait for you: `mh proposal` offers to take them up.",
    "0 added, 0 known already, 0 updated, 1200 refused.",
  ]);
});

test("a trial shows kind, date and words, and nothing that plays tricks on a screen", () => {
  const { printer, said } = makePrinter();
  const sample = {
    ...{ where: "a.md", kind: "artifact" as const, at: "2024-05-08T10:00:00.000Z" },
    text: "Dinner\n\u001b[31mlate",
  };
  tellPreview(printer, { ...read, samples: [sample] });
  expect(said.slice(1)).toEqual([
    "  2024-05-08  artifact  a.md: Dinner [U+001B][31mlate",
    "Read: 1 openclaw.",
    "Of kinds that are not read: 1,200 png, 7 .git.",
    "Would take in 1 memory (openclaw: 1 artifact, 2024-05-08 to 2024-05-08); 0 refused. Nothing was written.",
  ]);
});

test("as JSON it is the value of the skill, whole", () => {
  const { printer, said } = makePrinter(true);
  tellPreview(printer, { ...read, samples: [] });
  expect(said.map((line) => JSON.parse(line))).toEqual([{ ...read, samples: [] }]);
});

import * as fs from "node:fs";
import { gzipSync } from "node:zlib";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { type Expected, HomeChecker } from "../support/check-home.ts";
import { filesBelow } from "../support/files-below.ts";

/** What is wrong with a home, and what the checker says of it. */
const faults: [what: string, spoil: (home: TestHost) => Expected, said: RegExp][] = [
  ["words that were to be gone", () => ({ gone: ["quokka"] }), /“quokka” was forgotten, and stands in memory/],
  [
    "words that were to be gone, in a file that is compressed",
    (home) => {
      fs.writeFileSync(home.file("logs/audit/2020-01-01.txt.gz"), gzipSync("a wallaby"));
      return { gone: ["wallaby"] };
    },
    /“wallaby” was forgotten, and stands in logs/,
  ],
  ["words that are nowhere", () => ({ there: ["numbat"] }), /“numbat” was acknowledged, and is nowhere/],
  [
    "a command that is not in the log",
    () => ({ done: ["nobody"] }),
    /nobody was acknowledged, and the log has it done 0 times/,
  ],
  [
    "a line that is gone",
    (home) => {
      for (const file of filesBelow(home.file("memory/episodic"))) fs.writeFileSync(file, "");
      return {};
    },
    /wrote 1 lines, and 0 are there/,
  ],
  [
    "a record that was changed",
    (home) => {
      const [log = ""] = filesBelow(home.file("logs/audit"));
      fs.writeFileSync(log, fs.readFileSync(log, "utf8").replace('"principal":"owner"', '"principal":"ownes"'));
      return {};
    },
    /does not have its hash/,
  ],
  [
    "a record that is missing",
    (home) => {
      const [log = ""] = filesBelow(home.file("logs/audit"));
      const lines = fs.readFileSync(log, "utf8").split("\n");
      fs.writeFileSync(log, lines.toSpliced(1, 1).join("\n"));
      return {};
    },
    /does not follow the one before/,
  ],
];

test("R-9 the checker finds nothing in a home that is whole, and names what is wrong in one that is not", async () => {
  using checker = new HomeChecker();
  for (const [what, spoil, said] of faults) {
    await using home = await makeHost();
    const { id } = await home.act("owner", "memory.capture", { text: "A quokka by the lake" });
    await home.close();
    expect(await checker.check(home.root, { done: [id], there: ["quokka"], gone: ["wallaby"] })).toEqual([]);
    const found = await checker.check(home.root, spoil(home));
    expect([what, found.join("; ")]).toEqual([what, expect.stringMatching(said)]);
  }
});

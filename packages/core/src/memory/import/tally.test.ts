import { expect, test } from "vitest";
import type { Found } from "./found.ts";
import { Tally } from "./tally.ts";

const refused = (n: number): Found => ({ refused: "It is empty.", externalId: null, where: `line ${n}` });
const item: Found = {
  item: { externalId: "1", content: "Dinner", at: "2024-05-08T10:00:00.000Z", kind: "artifact" },
  where: "a.md",
};

test("what becomes of an import is gathered by reason, the most frequent first, with five places each", () => {
  const tally = new Tally();
  tally.found({ note: "It has no date.", where: "line 2" });
  for (let n = 1; n <= 1_200; n++) tally.found(refused(n));
  tally.found(item);
  tally.ended("added", undefined, "a.md");
  tally.ended("duplicate", undefined, "a.md");
  expect([tally.counts, tally.kinds, tally.span]).toEqual([
    { added: 1, updated: 0, duplicate: 1, refused: 1_200 },
    { episodic: 0, artifact: 1, semantic: 0 },
    { from: "2024-05-08T10:00:00.000Z", to: "2024-05-08T10:00:00.000Z" },
  ]);
  expect(tally.remarks()).toEqual([
    {
      ...{ what: "refused", reason: "It is empty.", count: 1_200 },
      examples: ["line 1", "line 2", "line 3", "line 4", "line 5"],
    },
    { what: "note", reason: "It has no date.", count: 1, examples: ["line 2"] },
  ]);
});

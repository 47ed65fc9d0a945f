import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { earned, type Judgements, wilson } from "./earned.ts";

const nothing: Judgements = {
  ...{
    done: 0,
    failed: 0,
    denied: 0,
    asked: 0,
    approved: 0,
    refused: 0,
    expired: 0,
    undone: 0,
    agreed: 0,
    differed: 0,
  },
  ...{ violated: 0, days: 10, drift: 0 },
};

test.each([
  ["nothing judged earns nothing", "suggest", {}, null],
  ["fifteen are too few", "suggest", { approved: 15 }, null],
  ["sixteen approvals on ten days", "suggest", { approved: 16 }, "supervised_auto"],
  ["decisions count like approvals", "suggest", { approved: 8, agreed: 8 }, "supervised_auto"],
  ["one refusal asks for more", "suggest", { approved: 16, refused: 1 }, null],
  ["what was taken back counts against it", "suggest", { approved: 20, undone: 1 }, null],
  ["all on one day", "suggest", { approved: 40, days: 1 }, null],
  ["of late it went otherwise", "suggest", { approved: 200, refused: 3, drift: 0.3 }, null],
  ["a violation", "suggest", { approved: 200, violated: 1 }, null],
  ["each level takes more", "supervised_auto", { approved: 34 }, null],
  ["thirty-five", "supervised_auto", { approved: 35 }, "bounded_auto"],
  ["seventy-three", "bounded_auto", { approved: 73 }, "adaptive_auto"],
  ["there is none above the highest", "adaptive_auto", { approved: 1_000 }, null],
  ["at observe nothing can be earned", "observe", { approved: 1_000 }, null],
  ["clearly refused too often", "bounded_auto", { approved: 2, refused: 6 }, "supervised_auto"],
  ["four answers tell nothing yet", "bounded_auto", { refused: 4 }, null],
  ["it is where it began", "suggest", { refused: 20 }, null],
] as const)("K12 %s", (_, level, judged, proposed) => {
  expect(earned(level, "suggest", { ...nothing, ...judged }).proposed).toBe(proposed);
});

test("K12 the score is within 0 and 1, rises with each approval and falls with each refusal", () => {
  const count = fc.integer({ min: 0, max: 10_000 });
  const property = fc.property(
    count,
    count.filter((n) => n > 0),
    (approved, refused) => {
      const score = (more: Partial<Judgements>) =>
        earned("suggest", "suggest", { ...nothing, ...more }).score as number;
      const now = score({ approved, refused });
      expect(now).toBeGreaterThanOrEqual(0);
      expect(now).toBeLessThanOrEqual(approved / (approved + refused));
      expect(score({ approved: approved + 1, refused })).toBeGreaterThan(now);
      expect(score({ approved, refused: refused + 1 })).toBeLessThanOrEqual(now);
    },
  );
  fc.assert(property, { seed: inject("seed") });
});

// 81 of 263: Newcombe (1998), table I, method 3.
test("K12 the bounds are those of Wilson", () => {
  const [least, most] = wilson(81, 263);
  expect([least.toFixed(4), most.toFixed(4)]).toEqual(["0.2553", "0.3662"]);
});

import { expect, test } from "vitest";
import { z } from "zod";
import { issueWords } from "./issue-words.ts";

const said = (schema: z.ZodType, value: unknown) =>
  schema.safeParse(value, { error: issueWords }).error?.issues.map(({ message }) => message);

test("what is wrong with a value is said in words, not in a library's", () => {
  const text = z.strictObject({ text: z.string().min(1) });
  const cases: [z.ZodType, unknown, string][] = [
    [text, {}, "it is missing"],
    [text, { text: "" }, "it is empty"],
    [text, { text: 5 }, "it must be a text"],
    [text, [], "it must be a JSON object"],
    [text, { text: "x", more: 1, 'odd"': 2 }, 'unknown: "more", "odd\\""'],
    [z.string().min(3), "x", "it must be 3 characters or more"],
    [z.array(z.string()).max(1), ["a", "b"], "it must be 1 entries at most"],
    [z.number().gt(0), 0, "it must be more than 0"],
    [z.enum(["low", "high"]), "odd", "it must be one of low, high"],
    [z.iso.date(), "soon", "it must be a day, as in 2026-03-01"],
  ];
  expect(cases.map(([schema, value]) => said(schema, value))).toEqual(cases.map(([, , words]) => [words]));
});

test("a schema's own words come first", () => {
  expect(said(z.string().min(1, "ask something"), "")).toEqual(["ask something"]);
});

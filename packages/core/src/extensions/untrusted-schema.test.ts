import { Fault } from "@mh/contract/values/fault.ts";
import { expect, test } from "vitest";
import { untrustedSchema } from "./untrusted-schema.ts";

const object = (x: object, more: object = {}) => ({ type: "object", properties: { x }, ...more });
const lenient = { lenient: true };
const refusal = (make: () => unknown): string => {
  try {
    make();
    return "taken";
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
};

/** Each names the next one twice: three hundred lines that are 2^300 checks. */
function bomb(length: number, key: string): object {
  const twice = (n: number) => [`a${n}`, { [key]: [{ $ref: `#/$defs/a${n + 1}` }, { $ref: `#/$defs/a${n + 1}` }] }];
  const $defs = Object.fromEntries(Array.from({ length }, (_, n) => twice(n)));
  return object({ $ref: "#/$defs/a0" }, { $defs: { ...$defs, [`a${length}`]: { type: "string" } } });
}

test.each(["allOf", "anyOf", "oneOf"])(
  "references that multiply by %s are refused before any value is checked",
  (key) => {
    for (const options of [{}, lenient])
      expect(refusal(() => untrustedSchema(bomb(300, key), "It", options))).toMatch(/at most 2000 parts/);
    expect(untrustedSchema(bomb(5, key), "It").safeParse({ x: 7 }).success).toBe(false);
  },
);

test("a reference that leads back into itself never ends a check by an overflow", () => {
  const tree = object({ type: "array", items: { $ref: "#" } });
  const ring = object({ $ref: "#/$defs/a" }, { $defs: { a: { anyOf: [{ $ref: "#/$defs/a" }, { type: "null" }] } } });
  const itself = object({ $ref: "#/$defs/a" }, { $defs: { a: { $ref: "#/$defs/a" } } });
  for (const schema of [tree, ring]) {
    expect(refusal(() => untrustedSchema(schema, "It"))).toMatch(/leads back into itself/);
    expect(untrustedSchema(schema, "It", lenient).safeParse({ x: [{ x: [] }] }).success).toBe(true);
  }
  expect(untrustedSchema(tree, "It", lenient).safeParse({ x: 7 }).success).toBe(false);
  expect(refusal(() => untrustedSchema(itself, "It", lenient))).toMatch(/32 deep/);
});

test("what a reference means is checked, with what stands beside it, wherever in the schema it lies", () => {
  const word = { type: "string", maxLength: 3 };
  const schemas = [
    object({ $ref: "#/$defs/word" }, { $defs: { word } }),
    object({ $ref: "#/definitions/a~1b", description: "a word" }, { definitions: { "a/b": word } }),
    { ...object({ $ref: "#/properties/y" }), properties: { y: word, x: { $ref: "#/properties/y" } } },
    object({ $ref: "#/$defs/word", maxLength: 3 }, { $defs: { word: { type: "string" } } }),
    { $ref: "#/definitions/all", definitions: { all: object(word) } },
  ];
  for (const schema of schemas) {
    const fits = (x: unknown) => untrustedSchema(schema, "It").safeParse({ x }).success;
    expect([schema, fits("abc"), fits("abcd"), fits(7)]).toEqual([schema, true, false, false]);
  }
  for (const $ref of ["#/$defs/none", "https://evil.example/x", "other.json", "#/constructor", 7, { toString: 1 }])
    expect(refusal(() => untrustedSchema(object({ $ref }), "It"))).toMatch(/refers to nothing in it/);
});

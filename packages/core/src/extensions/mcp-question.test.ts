import { expect, test } from "vitest";
import { elicitResult, readQuestion } from "./mcp-question.ts";

const form = (properties: object, more: object = {}) => ({
  ask: {
    method: "elicitation/create",
    params: { message: "Say.", requestedSchema: { type: "object", properties }, ...more },
  },
});

test("a server that asks for a model or for folders is refused, whatever else it asks beside", () => {
  const refused = { "sampling/createMessage": "a model", "roots/list": "your folders", "owner/tell": "something else" };
  for (const [method, what] of Object.entries(refused))
    expect(() => readQuestion({ ...form({}), more: { method, params: {} } })).toThrow(
      `it asks for ${what}, which mh gives to no server`,
    );
});

test("what cannot be shown whole is not asked at all", () => {
  const hostile: Record<string, unknown>[] = [
    form({ x: { type: "object", properties: {} } }),
    form({ x: { type: "array", items: { type: "string" } } }),
    form({ "a b": { type: "string" } }),
    form({}, { message: "x".repeat(9_000) }),
    form({}, { message: 7 }),
    { ask: null },
    { ask: { method: "elicitation/create", params: { mode: "url", message: "Go.", url: "javascript:alert(1)" } } },
    { ask: { method: "elicitation/create", params: { mode: "url", message: "Go.", url: "file:///etc/passwd" } } },
    Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`k${n}`, form({}).ask])),
  ];
  for (const each of hostile) expect(() => readQuestion(each)).toThrow(/^it asks/);
});

test("what is asked is read with its bounds, and answered as the protocol has it", () => {
  const [part] = readQuestion(
    form({
      size: { type: "string", oneOf: [{ const: "s", title: "Small" }] },
      tags: { type: "array", items: { enum: ["a", "b"] }, minItems: 1 },
      mail: { type: "string", format: "email", maxLength: 40 },
    }),
  );
  expect(part).toEqual({
    ...{ key: "ask", says: "Say." },
    fields: [
      {
        ...{ name: "size", title: "", description: "", type: "choice", isRequired: false },
        choices: [{ value: "s", title: "Small" }],
      },
      {
        ...{ name: "tags", title: "", description: "", type: "choices", isRequired: false, min: 1 },
        choices: [
          { value: "a", title: "a" },
          { value: "b", title: "b" },
        ],
      },
      { name: "mail", title: "", description: "", type: "text", isRequired: false, format: "email", max: 40 },
    ],
  });
  if (!part) return;
  const answered = { isAccepted: true, values: { ask: { size: "s" } }, state: "" };
  expect(elicitResult(answered, part)).toEqual({ action: "accept", content: { size: "s" } });
  expect(elicitResult({ ...answered, isAccepted: false }, part)).toEqual({ action: "decline" });
});

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseChatGpt } from "./chatgpt.ts";
import { parseClaude } from "./claude.ts";
import { elementsOf } from "./json-array.ts";

const context = { sha256Hex: (text: string) => createHash("sha256").update(text).digest("hex") };
const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
const gpt = (value: unknown) => parseChatGpt(bytes(value), 1, context);
const claude = (value: unknown) => parseClaude(bytes(value), 1, context);
const elements = (text: string, size = 1 << 20) => {
  const whole = bytes(text);
  const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, n) =>
    whole.subarray(n * size, (n + 1) * size),
  );
  return [...elementsOf(chunks)].map((each) =>
    "bytes" in each ? Buffer.from(each.bytes).toString().trim() : each.refused,
  );
};

test("the elements of any array are those that JSON has, wherever the chunks are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), fc.integer({ min: 1, max: 20 }), (values, size) => {
      expect(elements(JSON.stringify(values, null, 1), size).map((each) => JSON.parse(each))).toEqual(
        values.map((value) => JSON.parse(JSON.stringify(value))),
      );
    }),
    { seed: inject("seed") },
  );
});

test("a cut-off file gives what is whole; what is no list is said", () => {
  expect(elements('[{"a":1},{"b":"x]')).toEqual(['{"a":1}', "The file is cut off here."]);
  expect(elements('"x"')).toEqual(["The file is no list of conversations."]);
  expect(elements("")).toEqual(["The file is no list of conversations."]);
});

test("no conversation makes it throw", () => {
  const key = fc.constantFrom(
    ..."uuid name chat_messages mapping current_node message author role content parts parent __proto__".split(" "),
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "medium" },
      fc.jsonValue(),
      fc.dictionary(key, tie("value")),
      fc.array(tie("value"), { maxLength: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (each) => {
      gpt(each);
      claude(each);
    }),
    { seed: inject("seed") },
  );
  const deep = `{"uuid":"a","mapping":${"[".repeat(200_000)}${"]".repeat(200_000)},"chat_messages":[]}`;
  expect([gpt(deep), claude("{"), gpt("\xff")]).toMatchObject([
    [{ refused: "It is no conversation of ChatGPT." }],
    [{ refused: "It is not valid JSON." }],
    [{ refused: "It is not valid JSON." }],
  ]);
});

const message = (role: string, text: string, more: object = {}) => ({
  id: `m-${text}`,
  author: { role },
  create_time: 1715169360.5,
  content: { content_type: "text", parts: [text] },
  ...more,
});

test("ChatGPT: the branch last looked at; tools, thoughts and left branches passed over, each said", () => {
  const found = gpt({
    title: "Trip",
    conversation_id: "c-1",
    create_time: 1715169000,
    current_node: "d",
    mapping: {
      root: { message: message("system", ""), parent: null },
      a: { message: message("user", "Where to?"), parent: "root" },
      left: { message: message("assistant", "Oslo"), parent: "a" },
      tool: { message: message("tool", "{}"), parent: "a" },
      b: { message: message("assistant", "Rome"), parent: "tool" },
      c: {
        message: message("user", "This?", {
          content: {
            content_type: "multimodal_text",
            parts: [{ content_type: "image_asset_pointer", asset_pointer: "file-service://file-9" }, "This?"],
          },
          metadata: { attachments: [{ name: "map.pdf" }] },
        }),
        parent: "b",
      },
      d: { message: "broken", parent: "c" },
    },
  });
  const turn = { at: "2024-05-08T11:56:00.500Z", source: "chatgpt", session: "chatgpt:c-1" };
  const where = "conversation 1 (Trip)";
  expect(found).toEqual([
    { item: { externalId: "m-Where to?", content: "Trip\n\nWhere to?", kind: "episodic", ...turn }, where },
    { item: { externalId: "m-Rome", content: "Rome", kind: "artifact", speaker: "ChatGPT", ...turn }, where },
    {
      item: {
        externalId: "m-This?",
        content: "[image: file-9]\n\nThis?\n\nAttachments (not kept): map.pdf",
        kind: "episodic",
        ...turn,
      },
      where,
    },
    { note: "It is a message of a tool or of the system, and was passed over.", where },
    { refused: "It is no message of ChatGPT.", externalId: "d", where },
    { note: "It is on a branch that was left, and was passed over.", where },
  ]);
});

test("ChatGPT: parents in a circle end, a missing current node is the newest", () => {
  const mapping = {
    a: { message: message("user", "A"), parent: "b" },
    b: { message: message("user", "B"), parent: "a" },
  };
  expect(gpt({ id: "c", mapping, current_node: "a" })).toMatchObject([
    { item: { content: "B" } },
    { item: { content: "A" } },
  ]);
  expect(gpt({ id: "c", mapping, current_node: "gone" })).toMatchObject([
    { item: { content: "A" } },
    { item: { content: "B" } },
  ]);
});

test("Claude: what was said by whom; thoughts and tools stay out", () => {
  const found = claude({
    uuid: "c-1",
    name: "Soup",
    created_at: "2024-05-08T11:00:00Z",
    chat_messages: [
      {
        uuid: "1",
        sender: "human",
        text: "How?",
        content: [{ type: "text", text: "How?" }],
        created_at: "2024-05-08T11:56:00.123456Z",
        files: [{ file_name: "a.png" }],
      },
      {
        uuid: "2",
        sender: "assistant",
        text: "x",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Boil." },
        ],
      },
      { uuid: "3", sender: "assistant", text: "", content: [{ type: "tool_use" }] },
      { sender: 5 },
    ],
  });
  const turn = { source: "claude", session: "claude:c-1" };
  const where = "conversation 1 (Soup)";
  expect(found).toEqual([
    {
      item: {
        externalId: "1",
        content: "Soup\n\nHow?\n\nAttachments (not kept): a.png",
        kind: "episodic",
        at: "2024-05-08T11:56:00.123Z",
        ...turn,
      },
      where,
    },
    {
      item: {
        externalId: "2",
        content: "Boil.",
        kind: "artifact",
        speaker: "Claude",
        at: "2024-05-08T11:00:00.000Z",
        ...turn,
      },
      where,
    },
    { refused: "It is no message of Claude.", externalId: null, where },
  ]);
});

test("H26 Claude: artifacts, texts of attachments, what it remembers, and projects are taken in", () => {
  const found = claude({
    uuid: "c",
    name: "",
    chat_messages: [
      {
        uuid: "1",
        sender: "human",
        text: "See this",
        attachments: [{ file_name: "plan.txt", extracted_content: "Tea at four" }, { file_name: "a.png" }],
      },
      {
        uuid: "2",
        sender: "assistant",
        content: [
          { type: "text", text: "Here." },
          { type: "tool_use", name: "artifacts", input: { title: "Poem", content: "Roses" } },
          { type: "tool_use", name: "search", input: { query: "x" } },
        ],
      },
    ],
  });
  expect(found).toMatchObject([
    { item: { content: "See this\n\nAttachment plan.txt\n\nTea at four\n\nAttachments (not kept): a.png" } },
    { item: { content: "Here.\n\nArtifact: Poem\n\nRoses", kind: "artifact" } },
  ]);
  expect(claude({ conversations_memory: "Likes tea", project_memories: { p: "Builds a shed" } })).toMatchObject([
    { item: { externalId: "memory", content: "Likes tea", kind: "artifact", speaker: "Claude" } },
    { item: { externalId: "memory:p", content: "Builds a shed" } },
  ]);
  const project = {
    uuid: "p",
    name: "Shed",
    description: "Wood",
    prompt_template: "",
    docs: [{ uuid: "d", filename: "a.md", content: "Nails" }],
  };
  expect(claude(project)).toMatchObject([
    { item: { externalId: "p", content: "Shed\n\nWood" } },
    { item: { externalId: "d", content: "a.md\n\nNails" } },
  ]);
});

test("H26 ChatGPT: what stands in a canvas is text; marks of citations are none", () => {
  const canvas = message("assistant", JSON.stringify({ name: "Plan", type: "document", content: "Tea at four" }), {
    id: "canvas",
    recipient: "canmore.create_textdoc",
    content: { content_type: "code", text: JSON.stringify({ name: "Plan", content: "Tea at four" }) },
  });
  const cited = message("assistant", "So it is\uE200cite\uE202turn0search1\uE201.", { id: "cited" });
  const mapping = { a: { message: canvas, parent: null }, b: { message: cited, parent: "a" } };
  expect(gpt({ id: "c", mapping, current_node: "b" })).toMatchObject([
    { item: { content: "Canvas: Plan\n\nTea at four", kind: "artifact" } },
    { item: { content: "So it is." } },
  ]);
});

test("H26 Claude: what was spoken is said; what was thought, and what a tool gave, is not", () => {
  const content = [
    { type: "voice_note", text: "Water the ibis" },
    { type: "thinking", text: "Hm" },
    { type: "tool_result", text: "OK" },
  ];
  expect(claude({ uuid: "c", name: "", chat_messages: [{ uuid: "1", sender: "human", content }] })).toMatchObject([
    { item: { content: "Water the ibis" } },
  ]);
});

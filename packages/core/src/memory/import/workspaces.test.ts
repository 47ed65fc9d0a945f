import fc from "fast-check";
import { expect, inject, test } from "vitest";
import { parseHermes } from "./hermes.ts";
import { parseOpenClaw } from "./openclaw.ts";
import { parsePage } from "./silverbullet.ts";

const context = { timeZone: "Europe/Berlin" };

test("no page makes it throw", () => {
  const part = fc.constantFrom(
    "#template",
    "#<",
    "[tags: ",
    "]",
    "* [ ] x",
    "[[a@1|b]]",
    "---\n",
    "tags: [",
    "\n",
    "&a [*a,*a]",
    "\ud800",
    "\0",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(part).map((parts) => parts.join("")),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        parsePage("A.md", text, context);
        parseOpenClaw("memory/2024-05-08.md", text, context);
      },
    ),
    { seed: inject("seed") },
  );
});

test("a laughing front matter is no reason to run out of memory", () => {
  const laughs = Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`).join("\n");
  const warnings: string[] = [];
  const found = parsePage("A.md", `---\na0: &a0 [lol]\n${laughs}\n---\nkept`, { ...context, warnings });
  expect(found).toMatchObject([{ item: { content: expect.stringMatching(/^A\n[\s\S]{1,2000}\nkept$/) } }]);
  expect(warnings).toEqual(["The front matter is not valid YAML and was read line by line."]);
});

test.each(["SOUL.md", "AGENTS.md", "TOOLS.md", "IDENTITY.md", "BOOTSTRAP.md", "skills/mail/SKILL.md"])(
  "OpenClaw: %s is passed over",
  (path) => {
    expect(parseOpenClaw(path, "# A\n\ntext", context)).toEqual([
      { note: expect.stringContaining("no memory"), where: path },
    ]);
  },
);

test("OpenClaw: what the assistant wrote down is an artifact of that day", () => {
  expect(parseOpenClaw("memory/2024-05-08.md", "## Trip\n\nSarah likes #rome", context)).toEqual([
    {
      item: {
        externalId: "memory/2024-05-08.md#trip",
        content: "2024-05-08 › Trip\n\nSarah likes #rome",
        at: "2024-05-07T22:00:00.000Z",
        datedBy: "name",
        kind: "artifact",
        speaker: "OpenClaw",
        session: "memory/2024-05-08.md",
        tags: ["rome"],
        links: [],
      },
      where: "memory/2024-05-08.md",
    },
  ]);
  expect(parseOpenClaw("USER.md", "Likes tea", context)).toMatchObject([{ item: { kind: "artifact" } }]);
});

test.each([
  ["CONFIG.md", "text"],
  ["Library/Std/Page.md", "text"],
  ["_plug/x.md", "text"],
  ["index.md", "text"],
  ["Daily.md", "---\ntags: meta/template/page\n---\ntext"],
  ["Other.md", "#template\ntext"],
])("SilverBullet: %s is passed over", (path, text) => {
  expect(parsePage(path, text, context)).toEqual([{ note: expect.any(String), where: path }]);
});

test("SilverBullet: tags, attributes, tasks and links of a journal page", () => {
  const text =
    "---\ntags: diary\n---\n* [ ] Call [[People/Sarah@120|her]] [tags: family] #<two words> #urgent\n* [x] Done [[People/Sarah]]";
  expect(parsePage("Journal/2024-05-08.md", text, context)).toMatchObject([
    {
      item: {
        at: "2024-05-07T22:00:00.000Z",
        tags: ["diary", "urgent", "family", "two-words", "task"],
        links: [{ type: "mentions", to: "People/Sarah" }],
      },
    },
  ]);
});

test("H26 a Hermes home: each entry between its marks is a memory that the assistant wrote", () => {
  const found = parseHermes("memories/MEMORY.md", "Likes tea\n§\nLives in Porto\n§\nLikes tea\n", context);
  expect(found).toMatchObject([
    { item: { externalId: "memories/MEMORY.md#likes-tea", kind: "artifact", speaker: "Hermes" } },
    { item: { externalId: "memories/MEMORY.md#lives-in-porto", content: "MEMORY\n\nLives in Porto" } },
    { item: { externalId: "memories/MEMORY.md#likes-tea-2" } },
  ]);
  expect(parseHermes("SOUL.md", "Be kind", context)).toMatchObject([{ note: expect.stringContaining("no memory") }]);
});

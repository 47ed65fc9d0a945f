import * as fs from "node:fs";
import { eventsIn } from "@mh/core/calendar/events.ts";
import { readMarkdown } from "@mh/core/documents/markdown.ts";
import { readPermissions } from "@mh/core/extensions/permissions/read-permissions.ts";
import { readSkillFile } from "@mh/core/extensions/skill-manifest.ts";
import { untrustedSchema } from "@mh/core/extensions/untrusted-schema.ts";
import { parseChatGpt } from "@mh/core/memory/import/chatgpt.ts";
import { splitFrontMatter } from "@mh/core/memory/import/front-matter.ts";
import { textOfHtml } from "@mh/core/memory/import/mail-text.ts";
import { parseLine } from "@mh/core/memory/import/ndjson.ts";
import { testPolicyFile } from "@mh/core/policy/policy-test.ts";
import { changedYaml } from "@mh/core/settings/settings.ts";
import { readFeed } from "@mh/core/web/feed-items.ts";
import { textOf } from "@mh/core/web/web-text.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { simulateLine } from "@mh/host/audit/simulate.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { shippedFeatures } from "@mh/host/wiring/features.ts";
import { formOf } from "@mh/host/wiring/install-features.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { z } from "zod";

/** What a text may cost: processor time, on a machine that is busy with other things. */
const cpuMsMax = 3_000;

const many = (count: number, each: (n: number) => string, between = "\n") =>
  Array.from({ length: count }, (_, n) => each(n)).join(between);
const names = "abcdefghij".split("");

const yaml: Record<string, string> = {
  "aliases of aliases": many(
    10,
    (n) => `${names[n]}: &${names[n]} [${many(9, () => (n ? `*${names[n - 1]}` : "x"), ",")}]`,
  ),
  "brackets in brackets": `a: ${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  "brackets that stay open": `a: ${"{".repeat(50_000)}`,
  "levels by indentation": many(3_000, (n) => `${" ".repeat(n)}a:`),
  "lists in lists": `${"- ".repeat(20_000)}a`,
  "50,000 keys": many(50_000, (n) => `k${n}: v`),
  "50,000 keys on a line": `{ ${many(50_000, (n) => `k${n}: v`, ", ")} }`,
  "one key again and again": many(20_000, () => "a: b"),
  "anchors in a row": many(20_000, (n) => `a${n}: &x${n} *x${Math.max(0, n - 1)}`),
  "20 MB": `a: ${"x".repeat(20_000_000)}`,
  "tags on tags": `a: ${"!!map ".repeat(20_000)}`,
  merges: `a: &a {b: c}\n${many(5_000, (n) => `k${n}:\n  <<: *a`)}`,
};
const html: Record<string, string> = {
  "elements in elements": "<div>".repeat(100_000),
  "angle brackets": "<".repeat(500_000),
  "tags that stay open": "<a ".repeat(200_000),
  "comments that stay open": "<!--".repeat(100_000),
  ampersands: "&".repeat(500_000),
  attributes: `<a ${"x=".repeat(300_000)}`,
  tables: "<table><tr><td>".repeat(20_000),
  quotes: "<blockquote>".repeat(20_000),
  lists: "<ul><li>".repeat(20_000),
};
const json: Record<string, string> = {
  "lists in lists": `${"[".repeat(200_000)}${"]".repeat(200_000)}`,
  "objects in objects": `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
};

const commented: Parameters<typeof changedYaml>[1] = (document) => {
  document.comment = " ours";
};
const front = (text: string) => `---\n${text}\n---\nBody`;
const readers: Record<string, [texts: Record<string, string>, read: (text: string) => unknown]> = {
  settings: [yaml, (text) => formOf(shippedFeatures).parse(text)],
  "settings that a command edits": [yaml, (text) => changedYaml(text, commented)],
  "a document": [yaml, (text) => readMarkdown("x.md", front(text), z.looseObject({}))],
  "a note that is imported": [yaml, (text) => splitFrontMatter(front(text))],
  "the SKILL.md of a package": [yaml, (text) => readSkillFile(front(text))],
  "a page": [html, (text) => textOf({ body: Buffer.from(text), charset: "utf-8", type: "text/html" })],
  "a mail": [html, textOfHtml],
  "a feed": [html, (text) => readFeed(`<rss><channel>${text}`, "https://example.org")],
  "a feed's title": [
    html,
    (text) => readFeed(`<rss><channel><item><title>${text}</title></item></channel></rss>`, "https://example.org"),
  ],
  "another program's permissions": [
    json,
    (text) =>
      readPermissions(`{"permissions":{"allow":${text}}}`, { base: "/", home: "/", refusedProgram: () => undefined }),
  ],
  "a test of a rule": [json, (text) => testPolicyFile(nodeCrypto, "x.cedar", `// test deny: {"scope":${text}}`)],
  "a trace": [
    json,
    (text) =>
      simulateLine(
        `{"prompt":"x","tools":[{"name":"a","effect":"read","control_args":[],"content_args":[],"output_trust":"trusted"}],
        "calls":[{"id":"1","tool":"a","args":{"x":${text}}}]}`,
        1,
      ),
  ],
  "a line that is imported": [json, (text) => parseLine(`{"text":"a","tags":${text}}`)],
  "a chat that is imported": [
    json,
    (text) => parseChatGpt(Buffer.from(`{"mapping":{"a":{"message":{"content":${text}}}}}`), 1, nodeCrypto),
  ],
  "a tool's schema": [json, (text) => untrustedSchema({ type: "object", properties: JSON.parse(text) }, "It")],
  "a calendar": [
    { events: "BEGIN:VEVENT\r\n".repeat(20_000), lines: `X-A:${"x".repeat(2_000_000)}\r\n` },
    (text) =>
      eventsIn(
        `BEGIN:VCALENDAR\r\n${text}`,
        { from: 0, to: 1e13 } as unknown as Parameters<typeof eventsIn>[1],
        { sha256Hex: nodeCrypto.sha256Hex, timeZone: "UTC" } as unknown as Parameters<typeof eventsIn>[2],
      ),
  ],
};

for (const [name, [texts, read]] of Object.entries(readers)) {
  test(`S17 ${name} of somebody hostile is read or refused, at the cost of a usual one`, () => {
    for (const [kind, text] of Object.entries(texts)) {
      const since = process.cpuUsage();
      const fault = faultOf(() => read(text));
      const { user, system } = process.cpuUsage(since);
      expect([kind, fault]).toEqual([kind, undefined]);
      expect([kind, (user + system) / 1000]).toEqual([kind, expect.toSatisfy((ms: number) => ms < cpuMsMax)]);
    }
  });
}

/** What is thrown that is no answer to the writer of the text. */
function faultOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    const isAnswer = error instanceof Error && error.name === "Fault";
    return isAnswer ? undefined : String(error);
  }
}

test("S17 settings that are too large leave the last good ones in force, and doctor names them", async () => {
  await using home = await makeHost();
  const text = fs.readFileSync(home.file("config.yaml"), "utf8");
  for (const [name, hostile] of Object.entries(yaml)) {
    fs.writeFileSync(home.file("config.yaml"), hostile);
    expect([name, (await home.own("config.show", {})).broken]).toEqual([name, expect.stringContaining("config.yaml")]);
    const bad = [];
    for await (const { what, level, next } of checkHome(home.root, home.environment))
      if (what === "settings") bad.push([level, next?.startsWith("mv ")]);
    expect([name, bad]).toEqual([name, [["bad", true]]]);
  }
  fs.writeFileSync(home.file("config.yaml"), text);
  expect((await home.own("config.show", {})).broken).toBeUndefined();
});

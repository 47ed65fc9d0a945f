import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { importFormats } from "@mh/contract/values/import-format.ts";
import type { Ended, Found } from "@mh/core/memory/import/found.ts";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { systemTimers } from "../adapters/system-timers.ts";
import { sandboxExecutor } from "../sandbox/executor.ts";
import { Parser } from "../sandbox/run-parser.ts";
import { isParsed } from "./kinds.ts";
import { type OpenOptions, openSource } from "./open-source.ts";

let root: string;
beforeAll(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "mh-import-"));
});
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const parser = new Parser({ executor: sandboxExecutor(), timers: systemTimers, isOwners: true });

let made = 0;
/** Files by name, in a folder of their own. */
function lay(files: Record<string, string | Uint8Array>): string {
  const folder = path.join(root, String(++made));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  }
  return folder;
}

async function read(given: string, options: Partial<OpenOptions> = {}) {
  const source = await openSource(given, {
    timeZone: "Europe/Berlin",
    nowMs: Date.parse("2026-11-29T14:00:00Z"),
    parser,
    ...options,
  });
  const found: Found[] = [];
  const ends: Ended[] = [];
  let last = 0;
  for await (const { each, read: bytes } of source.found()) {
    expect(bytes).toBeGreaterThanOrEqual(last);
    expect(bytes).toBeLessThanOrEqual(source.bytes);
    last = bytes;
    if ("end" in each) ends.push(each);
    else found.push(each);
  }
  const items = found.flatMap((each) => ("item" in each ? [each.item] : []));
  const notes = found.flatMap((each) => ("note" in each ? [`${each.where}: ${each.note}`] : []));
  const refusals = found.flatMap((each) => ("refused" in each ? [`${each.where}: ${each.refused}`] : []));
  return { source, found, ends, items, ids: items.map(({ externalId }) => externalId), notes, refusals };
}

const mail = (id: string, more = "") =>
  `From: Sarah <s@example.org>\nMessage-ID: <${id}>\nDate: Wed, 8 May 2024 13:56:00 +0200\nSubject: ${id}\n${more}\nhi\n`;
const fromLine = "From s@example.org Wed May  8 13:56:00 2024\n";
const chatGpt = [
  {
    id: "c",
    title: "T",
    mapping: {
      a: { message: { id: "m", author: { role: "user" }, content: { content_type: "text", parts: ["Hi"] } } },
    },
  },
];
const claude = [{ uuid: "c", name: "T", chat_messages: [{ uuid: "m", sender: "human", text: "Hi" }] }];

test("no bytes make any format throw anything but a fault with the next step", async () => {
  const file = path.join(lay({ x: "" }), "x");
  const start = fc.constantFrom("From ", "[", "{", "PK\u0003\u0004", "BEGIN:VCALENDAR\n", "BEGIN:VCARD\n", "a,b\n", "");
  await fc.assert(
    fc.asyncProperty(
      start,
      fc.uint8Array({ maxLength: 400 }),
      // What has a parser of its own is tried where that is.
      fc.constantFrom(...importFormats.filter((format) => !isParsed(format)), undefined),
      async (head, bytes, format) => {
        fs.writeFileSync(file, Buffer.concat([Buffer.from(head), bytes]));
        try {
          await read(file, { format });
        } catch (error) {
          expect(error).toMatchObject({ code: "import.unreadable" });
        }
      },
    ),
    { seed: inject("seed"), numRuns: 300 },
  );
});

test("what is not there, and what nobody can tell, is said with the next step", async () => {
  await expect(read(path.join(root, "nowhere"))).rejects.toThrow("Give a file or a folder");
  await expect(read(path.join(lay({ "a.bin": "\u0001" }), "a.bin"))).rejects.toThrow("--format says it");
  await expect(read(lay({ "a.txt": "x" }), { format: "chatgpt" })).rejects.toThrow("There is no conversations.json");
  await expect(read(path.join(lay({ "a.json": "[1]" }), "a.json"))).rejects.toThrow("no export of ChatGPT or Claude");
  const { found, ends } = await read(lay({ "a.bin": "\u0001" }));
  expect([found, ends.map(({ end }) => end)]).toEqual([[], [{ fate: "skipped", kind: "bin", files: 1 }]]);
});

test("a mailbox cut in the middle gives what is whole", async () => {
  const cut = `${fromLine}${mail("1")}\n${fromLine}${mail("2", 'Content-Type: multipart/mixed; boundary="b"\n')}`;
  const { ids, refusals } = await read(path.join(lay({ Inbox: `${cut}--b\n\npart` }), "Inbox"));
  expect(ids).toEqual(["1"]);
  expect(refusals).toEqual(["message 2 (2): It is cut off: its last part never ends."]);
});

test("the same mail is the same in an mbox and in a Maildir", async () => {
  const mbox = await read(path.join(lay({ "a.mbox": `${fromLine}${mail("1")}\n${fromLine}${mail("2")}` }), "a.mbox"));
  const maildir = await read(
    lay({ "cur/1.a:2,S": mail("1"), "new/2.b": mail("2").replaceAll("\n", "\r\n"), "tmp/3": "x" }),
  );
  expect(mbox.source.name).toBe(maildir.source.name);
  expect(maildir.items).toEqual(mbox.items);
});

test("a folder of mailboxes as Thunderbird keeps them; its trash is passed over", async () => {
  const one = (id: string) => `${fromLine}${mail(id)}\n`;
  const { source, ids, notes } = await read(
    lay({
      Inbox: one("1"),
      "Inbox.msf": "index",
      "Inbox.sbd/Choir": one("2"),
      Trash: one("3"),
      "rules.dat": "x",
      notes: "x",
    }),
  );
  expect([source.format, ids]).toEqual(["mbox", ["1", "2"]]);
  expect(notes).toEqual(["Trash: The mailbox holds drafts, spam or trash and was passed over."]);
});

test("a Maildir's folders are read; drafts, spam, trash, what is marked deleted, and links are not", async () => {
  const folder = lay({
    "cur/1:2,FS": mail("1"),
    "cur/2:2,ST": mail("2"),
    "new/.hidden": "x",
    ".Work.Plans/cur/3": mail("3"),
    ".Entw&APw-rfe/cur/4": mail("4"),
    ".Archive.Spam/new/5": mail("5"),
    "Lists/Choir/cur/6": mail("6"),
    "Lists/Choir/new/7": "cut off",
  });
  fs.symlinkSync("/etc/hostname", path.join(folder, "new", "8"));
  const { items, notes, refusals } = await read(folder);
  expect(items.map(({ externalId, tags }) => [externalId, tags])).toEqual([
    ["3", ["mail", "work/plans"]],
    ["6", ["mail", "lists/choir"]],
    ["1", ["mail", "flagged"]],
  ]);
  expect(notes).toEqual([
    ".Archive.Spam: The folder holds drafts, spam or trash and was passed over.",
    ".Entw&APw-rfe: The folder holds drafts, spam or trash and was passed over.",
    "new/8: It is a link and was not followed.",
    "cur/2:2,ST: It is a draft or was deleted, and was passed over.",
  ]);
  expect(refusals).toEqual(["Lists/Choir/new/7: It is cut off: its headers never end."]);
});

test.each([
  ["a.json", JSON.stringify(chatGpt), "chatgpt"],
  ["a.json", JSON.stringify(claude), "claude"],
  [
    "export.zip",
    zipSync({ "conversations.json": Buffer.from(JSON.stringify(chatGpt)), "user.json": Buffer.from("{}") }),
    "chatgpt",
  ],
  ["export.zip", zipSync({ "data/conversations.json": [Buffer.from(JSON.stringify(claude)), { level: 0 }] }), "claude"],
] as const)("%s is known by what it holds", async (name, content, format) => {
  const { source, items } = await read(path.join(lay({ [name]: content }), name));
  expect(source.format).toBe(format);
  expect(items).toMatchObject([{ externalId: "m", content: "T\n\nHi", session: `${format}:c` }]);
});

test("an export's folder, in several files; what else is in it is said", async () => {
  const folder = lay({
    "conversations-000.json": JSON.stringify(chatGpt),
    "conversations-001.json": `${JSON.stringify(chatGpt).slice(0, -1)},{"id`,
    "user.json": "{}",
  });
  const { ids, notes, refusals, ends } = await read(folder);
  expect(ids).toEqual(["m", "m"]);
  expect(notes).toEqual([]);
  expect(ends.map(({ end }) => `${end.fate} ${end.kind}`)).toEqual(["skipped json", "read chats", "read chats"]);
  expect(refusals).toEqual(["conversations-001.json, conversation 2: The file is cut off here."]);
});

test("a zip that expands beyond measure, is cut off or encrypted is refused; names that climb out reach nothing", async () => {
  const bomb = zipSync(
    { "conversations.json": Buffer.concat([Buffer.from('[{"mapping":{}},"'), Buffer.alloc(30_000_000, 0x61)]) },
    { level: 9 },
  );
  await expect(read(path.join(lay({ "bomb.zip": bomb }), "bomb.zip"))).rejects.toThrow("expands beyond all measure");
  const { refusals } = await read(path.join(lay({ "bomb.zip": bomb }), "bomb.zip"), { format: "chatgpt" });
  expect(refusals).toEqual(["bomb.zip: The zip expands beyond all measure and was given up."]);

  const whole = zipSync({ "../../conversations.json": Buffer.from(JSON.stringify(claude)) });
  expect((await read(path.join(lay({ "a.zip": whole }), "a.zip"))).ids).toEqual(["m"]);
  await expect(read(path.join(lay({ "a.zip": whole.subarray(0, -30) }), "a.zip"))).rejects.toThrow(
    "cut off or damaged",
  );
  const encrypted = Buffer.from(whole);
  encrypted[encrypted.lastIndexOf("PK\u0001\u0002") + 8] = 1;
  await expect(read(path.join(lay({ "a.zip": encrypted }), "a.zip"))).rejects.toThrow("encrypted");
});

test("an OpenClaw workspace, also from the home around it", async () => {
  const files = {
    "workspace/SOUL.md": "Be kind",
    "workspace/MEMORY.md": "Likes tea",
    "workspace/memory/2024-05-08.md": "Met Tom",
  };
  const folder = lay(files);
  for (const given of [folder, path.join(folder, "workspace")]) {
    const { source, items, notes } = await read(given);
    expect([source.format, source.name]).toEqual(["openclaw", `openclaw:${path.join(folder, "workspace")}`]);
    expect(items.map(({ externalId, kind }) => [externalId, kind])).toEqual([
      ["MEMORY.md", "artifact"],
      ["memory/2024-05-08.md", "artifact"],
    ]);
    expect(notes).toEqual(["SOUL.md: It sets the assistant up and is no memory."]);
  }
});

test("a SilverBullet space, a vault of notes, warnings as remarks", async () => {
  const space = await read(
    lay({ "CONFIG.md": "x", "index.md": "x", "Library/Std.md": "x", "Journal/2024-05-08.md": "* [ ] Call" }),
  );
  expect([space.source.format, space.ids, space.notes.length]).toEqual(["silverbullet", ["Journal/2024-05-08.md"], 3]);
  const vault = lay({ "a.md": "---\ntags: [\n---\nkept", "b.md": new Uint8Array([0xff, 0, 1]), ".obsidian/x.md": "x" });
  fs.symlinkSync("/etc", path.join(vault, "etc.md"));
  const { source, ids, notes, refusals } = await read(vault);
  expect([source.format, ids]).toEqual(["markdown", ["a.md"]]);
  expect(notes).toEqual([
    "etc.md: It is a link and was not followed.",
    "a.md: The front matter is not valid YAML and was read line by line.",
  ]);
  expect(refusals).toEqual(["b.md: The file is no text."]);
});

test.each([
  [
    "a.ics",
    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20240508T090000Z\nEND:VEVENT\nEND:VCALENDAR\n",
    "ics",
    "calendar",
    "1",
  ],
  ["a", "BEGIN:VCARD\nUID:1\nFN:A\nTEL:1\nEND:VCARD\n", "vcard", "contacts", "1#phone#1"],
  ["a.tsv", "id\ttext\n1\thi, all\n", "csv", "csv", "1"],
  ["a.jsonl", '{"id":1,"content":"x"}\n', "ndjson", "ndjson", "1"],
  ["a.md", "x", "markdown", "markdown:", "a.md"],
])("%s is read as what it is", async (name, content, format, sourceName, id) => {
  const { source, ids } = await read(path.join(lay({ [name]: content }), name));
  expect([source.format, source.name.startsWith(sourceName), ids]).toEqual([format, true, [id]]);
});

test.each([
  [
    "rows of contacts that break softly for ever",
    "a.vcf",
    `BEGIN:VCARD\nVERSION:2.1\nN;QUOTED-PRINTABLE:${"=3D=\n".repeat(200_000)}`,
  ],
  [
    "a contact that names its encoding for ever",
    "a.vcf",
    `BEGIN:VCARD\nFN:x\n${"QUOTED-PRINTABLE".repeat(60_000)}=\nEND:VCARD\n`,
  ],
  ["an event whose parameters never end", "a.ics", calendarOf(`SUMMARY;${"A=b;".repeat(500_000)}:x`)],
  [
    "thousands of events that repeat slowly",
    "a.ics",
    calendarOf("SUMMARY:x", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").repeat(3_000),
  ],
  [
    "one event changed thousands of times",
    "a.ics",
    Array.from({ length: 20_000 }, (_, n) => calendarOf(`RECURRENCE-ID:20240101T${String(n).padStart(6, "0")}Z`)).join(
      "",
    ),
  ],
  ["a note of nothing but headings", "a.md", "# a\nx\n".repeat(160_000)],
  ["a note of nothing but lists", "a.md", "- a\n".repeat(240_000)],
  ["a note with the same heading again and again", "a.md", "# a\nx\n".repeat(12_000)],
  [
    "a note whose headings are as long as it is",
    "a.md",
    `${[1, 2, 3, 4, 5].map((n) => `${"#".repeat(n)} ${"h".repeat(100_000)}\n`).join("")}${"###### x\ny\n".repeat(20_000)}`,
  ],
  [
    "a note that goes by very many names",
    "a.md",
    `---\naliases: [${"xxxxxxxx,".repeat(90_000)}y]\n---\n${"# a\nx\n".repeat(20)}`,
  ],
  ["a line of 100 MB", "a.ndjson", `${"x".repeat(100_000_000)}\n{"content":"Tea"}\n`],
])("%s cost neither much time nor much memory", { timeout: 60_000 }, async (_what, name, text) => {
  const folder = lay({ [name]: text });
  const began = process.cpuUsage();
  let characters = 0;
  const source = await openSource(path.join(folder, name), { timeZone: "UTC", nowMs: 0, parser });
  for await (const { each } of source.found()) characters += JSON.stringify(each).length;
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1e6).toBeLessThan(20);
  expect(characters).toBeLessThan(100_000_000);
  fs.rmSync(folder, { recursive: true });
});

function calendarOf(...lines: string[]): string {
  const event = ["BEGIN:VEVENT", "UID:a", "DTSTART:20240101T000000Z", ...lines, "END:VEVENT"];
  return ["BEGIN:VCALENDAR", ...event, "END:VCALENDAR", ""].join("\n");
}

test("a folder of calendars says which file each event is from", async () => {
  const event = (uid: string) => `BEGIN:VEVENT\nUID:${uid}\nDTSTART:20240508T090000Z\nEND:VEVENT\n`;
  const { found } = await read(lay({ "a.ics": event("1"), "sub/b.ics": event("2") }));
  expect(found.map(({ where }) => where)).toEqual(["a.ics, 1, line 1", "sub/b.ics, 2, line 1"]);
});

test("reading twice gives the same, whenever and in whatever zone the machine is", async () => {
  const folder = lay({ "cur/1": mail("1"), "cur/2": "From: a@b\n\nno id" });
  expect((await read(folder)).found).toEqual((await read(folder)).found);
});

const contact = "BEGIN:VCARD\nUID:9\nFN:Ines\nTEL:1\nEND:VCARD\n";
const event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:8\nDTSTART:20240508T090000Z\nEND:VEVENT\nEND:VCALENDAR\n";

test("H26 a folder of anything: each file is read by its kind, and the rest is named by kind and count, each file once", async () => {
  const folder = lay({
    "a.md": "tea",
    "a.txt": "coffee",
    "b.org": "* Water\nstill",
    "c.html": "<title>Page</title><p>milk</p>",
    "d.canvas": JSON.stringify({ nodes: [{ id: "1", type: "text", text: "juice" }] }),
    "e.eml": mail("6"),
    "f.mbox": `${fromLine}${mail("7")}`,
    "g.ics": event,
    "h.vcf": contact,
    "i.csv": "id,text\n10,wine\n",
    "j.ndjson": '{"id":"11","content":"beer"}\n',
    "mail/cur/1:2,S": mail("12"),
    "mail/13": mail("13"),
    Inbox: `${fromLine}${mail("14")}`,
    "export/conversations.json": JSON.stringify(claude),
    "export/users.json": "{}",
    "photo.png": "x",
    "more/photo.PNG": "x",
    "logseq/bak/a.md": "old",
    ".git/config": "x",
    ".git/objects/1": "x",
    ".hidden": "x",
    "empty.md": "",
    "binary.txt": new Uint8Array([0, 1, 2, 3]),
  });
  const { source, items, ends, refusals, notes } = await read(folder);
  expect(source.format).toBe("folder");
  const said = items.map(({ content }) => content.split("\n").at(-1));
  for (const word of ["tea", "coffee", "still", "milk", "juice", "wine", "beer"]) expect(said).toContain(word);
  expect(items.map(({ externalId }) => externalId)).toEqual(expect.arrayContaining(["6", "7", "8", "12", "13", "14"]));
  expect(refusals).toEqual(["binary.txt: The file is no text."]);
  expect(notes).toEqual(["empty.md: It holds no text."]);
  const count = ends.reduce((sum, { end }) => sum + end.files, 0);
  expect(count).toBe(fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile()).length);
  const left = ends
    .filter(({ end }) => end.fate !== "read")
    .map(({ end, where }) => [end.fate, end.kind, end.files, where]);
  expect(left.sort()).toEqual(
    [
      ["skipped", ".git", 2, ".git"],
      ["skipped", "hidden", 1, ".hidden"],
      ["skipped", "backups and trash", 1, "logseq/bak"],
      ["skipped", "json", 1, "export/users.json"],
      ["skipped", "png", 1, "photo.png"],
      ["skipped", "png", 1, "more/photo.PNG"],
      ["passed over", "markdown", 1, "empty.md"],
      ["refused", "text", 1, "binary.txt"],
    ].sort(),
  );
});

test("H26 a Maildir without its empty folders, and mails beside cur, are mails", async () => {
  const { ids } = await read(lay({ "cur/1.M1P2.host:2,S": mail("1"), "2.M1P2.host": mail("2") }));
  expect(ids.sort()).toEqual(["1", "2"]);
  const plain = await read(lay({ "new/x": mail("3") }));
  expect([plain.source.name, plain.ids]).toEqual(["mail", ["3"]]);
});

test.each([
  ["UTF-16 with its mark", Buffer.from("\uFEFFGrüße", "utf16le")],
  ["UTF-16 without a mark", Buffer.from("Grüße an alle", "utf16le")],
  ["Windows-1252", Buffer.from("Grüße", "latin1")],
])("H26 a note in %s is a note", async (_what, bytes) => {
  const { items } = await read(lay({ "a.md": bytes }));
  expect(items).toMatchObject([{ content: expect.stringContaining("Grüße") }]);
});

test.skipIf(process.platform === "darwin")("H26 a name that is not UTF-8 is named as that", async () => {
  const folder = lay({ "a.md": "x" });
  fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/b`), Buffer.from([0xff]), Buffer.from(".md")]), "x");
  const { refusals, ids } = await read(folder);
  expect([ids, refusals]).toEqual([["a.md"], ["b\uFFFD.md: Its name is not UTF-8. Rename it, and import again."]]);
});

test("H26 what says no time is from when its file was, never from now", async () => {
  const folder = lay({ "a.ndjson": '{"content":"tea"}\n', "b.eml": "From: a@b\nTo: c@d\n\nno date", "c.vcf": contact });
  const at = new Date("2019-03-01T10:00:00Z");
  for (const name of fs.readdirSync(folder)) fs.utimesSync(path.join(folder, name), at, at);
  const { items } = await read(folder);
  expect(items.map((item) => item.at)).toEqual(items.map(() => at.toISOString()));
  expect(items.length).toBe(3);
});

test("what lies beside Claude's conversations is read where its format is asked for, too", async () => {
  const memories = [{ conversations_memory: "Likes tea" }];
  const folder = lay({ "conversations.json": JSON.stringify(claude), "memories.json": JSON.stringify(memories) });
  const [told, asked] = [await read(folder), await read(folder, { format: "claude" })];
  expect(asked.ids).toEqual(told.ids);
  expect(asked.items.map(({ content }) => content)).toContain("Likes tea");
});

test("a byte that nobody wrote costs a text no more than itself", async () => {
  const { ids, refusals } = await read(
    lay({ "a.ics": event.replace("UID:8", "UID:8\nX-BROKEN:\0"), "b.txt": `tea\0${"x".repeat(200)}` }),
  );
  expect([ids, refusals]).toEqual([["8", "b.txt"], []]);
});

test.skipIf(process.getuid?.() === 0)("what lies in a folder that may not be read is not gone", async () => {
  const folder = lay({ "a.md": "tea", "closed/b.md": "coffee" });
  expect((await openSource(folder, { timeZone: "UTC", nowMs: 0, parser })).vault?.isWhole).toBe(true);
  fs.chmodSync(path.join(folder, "closed"), 0o000);
  const { vault } = await openSource(folder, { timeZone: "UTC", nowMs: 0, parser });
  fs.chmodSync(path.join(folder, "closed"), 0o755);
  expect(vault?.isWhole).toBe(false);
});

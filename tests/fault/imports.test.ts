import * as fs from "node:fs";
import * as path from "node:path";
import { randomFrom } from "@mh/testing";
import { expect, inject, test } from "vitest";
import { expectSound } from "../support/expect-sound.ts";
import { type Mh, makeMh } from "./mh.ts";

const roomMiBMax = 16;

/** Notes beside the settings, at the end of each command, what V8 keeps for the young. */
const noteRoom = `import fs from "node:fs"; import v8 from "node:v8"; process.on("exit", () => {
  const young = v8.getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  fs.writeFileSync(process.env.HOME + "/room.json", JSON.stringify(young.space_size / 2 ** 20));
});`;

test("H26 an import keeps no room for what it made in passing", () => {
  using mh = makeMh(undefined, { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noteRoom)}` });
  const told = path.join(mh.config, "told.ndjson");
  const lines = Array.from({ length: 3_000 }, (_, id) => JSON.stringify({ id, content: `Gate ${id} was painted.` }));
  fs.writeFileSync(told, lines.join("\n"));
  expect(mh.run(["import", told])).toMatchObject({ code: 0, out: expect.stringContaining("3000 added") });
  const room = JSON.parse(fs.readFileSync(path.join(mh.config, "room.json"), "utf8")) as number;
  expect(room).toBeGreaterThan(0);
  expect(room).toBeLessThanOrEqual(roomMiBMax);
});

type Listed = { externalId: string | null; content: string; kind: string; at: string };

/** What a home remembers, by what it was imported as. */
function memories(mh: Mh): Listed[] {
  const { out } = mh.run(["memory", "list", "--all", "--json"]);
  const lines = out.split("\n").filter(Boolean);
  return (
    lines
      .map((line) => JSON.parse(line) as Listed)
      // A contact is dated by its import.
      .map(({ externalId, content, kind, at }) => ({ externalId, content, kind, at: kind === "semantic" ? "" : at }))
      .sort((a, b) => `${a.externalId} ${a.content}`.localeCompare(`${b.externalId} ${b.content}`))
  );
}

/** Lays files beside the home and gives what to import. */
const sources: [name: string, lay: (folder: string, random: () => number) => string, atLeast: number][] = [
  ["a mailbox that is cut in the middle", mailbox, 290],
  ["a calendar with time zones and recurrences", calendar, 4],
  ["a table with wrong quoting", sheet, 590],
  ["a vault of 5,000 notes", vault, 5000],
  ["an export of ChatGPT", chats, 600],
  ["contacts", contacts, 900],
];

test.for(sources)(
  "H2 %s imported twice gives the same store as once, and so does one that was killed and run again",
  async ([, lay, atLeast]) => {
    const random = randomFrom(inject("seed"));
    using whole = makeMh();
    using killed = makeMh();
    const source = lay(path.dirname(whole.root), random);
    const first = whole.run(["import", source, "--json"]);
    const once = memories(whole);
    expect([once.length >= atLeast, first.code, once.length]).toEqual([true, expect.any(Number), expect.any(Number)]);
    whole.run(["import", source, "--json"]);
    expect(memories(whole)).toEqual(once);
    // Killed as it begins, and at two moments after its first group, then left to end.
    for (const lines of [0, 1, 1]) {
      await killed.startKilled(["import", source, "--json"], { lines, laterMs: 200 * random() });
    }
    killed.run(["import", source, "--json"]);
    expect(memories(killed)).toEqual(once);
    for (const mh of [whole, killed]) expect(mh.run(["audit", "verify"]).code).toBe(0);
    for (const mh of [whole, killed]) await expectSound(mh.root);
    const undone = whole.run(["undo"]);
    // The last invocation changed nothing, so this is the whole first import.
    expect([undone.code, memories(whole)]).toEqual([0, []]);
    whole.run(["redo"]);
    expect(memories(whole)).toEqual(once);
    expect(JSON.parse(whole.run(["review", "--json"]).out)).toMatchObject({
      damage: { lines: [], unknown: [], documents: [] },
    });
  },
);

const names = ["Sarah", "Tom", "Ines", "Ada", "Björn"];

function mailbox(folder: string): string {
  const mails = Array.from({ length: 300 }, (_, n) => {
    const boundary = `b${n}`;
    return [
      `From sarah@example.org Fri Mar  6 09:${String(n % 60).padStart(2, "0")}:00 2026`,
      `From: ${names[n % 5]} <p${n % 5}@example.org>`,
      "To: ada@example.org",
      `Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe_${n}?=`,
      `Message-ID: <m${n}@example.org>`,
      ...(n % 3 ? [`In-Reply-To: <m${n - 1}@example.org>`] : []),
      `Date: Fri, 06 Mar 2026 09:${String(n % 60).padStart(2, "0")}:00 +0100`,
      "MIME-Version: 1.0",
      `Content-Type: multipart/alternative; boundary=${boundary}`,
      "",
      `--${boundary}`,
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable",
      "",
      `The cost sheet number ${n} is ready.=20`,
      ">From the garage nothing new.",
      "",
      `--${boundary}--`,
      "",
    ].join("\n");
  }).join("\n");
  const file = path.join(folder, "Archive.mbox");
  // Cut inside the last part of the last message.
  fs.writeFileSync(file, mails.slice(0, -60));
  return file;
}

function calendar(folder: string): string {
  const zone = [
    ...["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", "BEGIN:DAYLIGHT", "DTSTART:19810329T020000"],
    ...["RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"],
    ...["BEGIN:STANDARD", "DTSTART:19961027T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"],
    ...["TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD", "END:VTIMEZONE"],
  ];
  const event = (...lines: string[]) => ["BEGIN:VEVENT", "DTSTAMP:20260301T000000Z", ...lines, "END:VEVENT"];
  const text = [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", ...zone],
    ...event(
      "UID:weekly",
      "SUMMARY:Standup",
      "DTSTART;TZID=Europe/Berlin:20260302T090000",
      "DTEND;TZID=Europe/Berlin:20260302T091500",
      "RRULE:FREQ=WEEKLY;COUNT=12",
      "EXDATE;TZID=Europe/Berlin:20260316T090000",
    ),
    ...event(
      "UID:weekly",
      "RECURRENCE-ID;TZID=Europe/Berlin:20260323T090000",
      "SUMMARY:Standup, later",
      "DTSTART;TZID=Europe/Berlin:20260323T110000",
      "DTEND;TZID=Europe/Berlin:20260323T111500",
    ),
    ...event("UID:day", "SUMMARY:Birthday of Ines", "DTSTART;VALUE=DATE:20260504", "RRULE:FREQ=YEARLY"),
    ...event("UID:floating", "SUMMARY:Dentist", "DTSTART:20260305T080000", "DURATION:PT1H"),
    ...["END:VCALENDAR", ""],
  ].join("\r\n");
  const file = path.join(folder, "home.ics");
  fs.writeFileSync(file, text);
  return file;
}

function sheet(folder: string, random: () => number): string {
  const rows = Array.from({ length: 600 }, (_, n) => {
    if (n === 100) return `${n},2026-03-01,"never closed`;
    if (n === 300) return `${n},2026-03-01,say "hi" to Tom",x,y`;
    return `${n},2026-03-0${1 + (n % 9)},"Spent ${Math.floor(random() * 100)} on ""tea"", with ${names[n % 5]}"`;
  });
  const file = path.join(folder, "spent.csv");
  fs.writeFileSync(file, `\uFEFFid,date,note\r\n${rows.join("\r\n")}\r\n`);
  return file;
}

function vault(folder: string, random: () => number): string {
  const root = path.join(folder, "vault");
  for (let n = 0; n < 5000; n += 1) {
    const file = path.join(root, `area-${n % 40}`, `note ${n}.md`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const who = names[Math.floor(random() * 5)];
    fs.writeFileSync(
      file,
      `---\ncreated: 2026-02-${String(1 + (n % 28)).padStart(2, "0")}\ntags: [t${n % 9}]\n---\n# Note ${n}\nWalked with [[${who}]] by the river, path ${n}.\n`,
    );
  }
  return root;
}

function chats(folder: string): string {
  const conversations = Array.from({ length: 300 }, (_, n) => {
    const message = (id: string, role: string, text: string) => ({
      id,
      author: { role },
      create_time: 1_770_000_000 + n,
      content: { content_type: "text", parts: [text] },
    });
    return {
      id: `c${n}`,
      title: `Chat ${n}`,
      create_time: 1_770_000_000 + n,
      current_node: "c",
      mapping: {
        a: { id: "a", parent: null, children: ["b"], message: null },
        b: { id: "b", parent: "a", children: ["c"], message: message(`u${n}`, "user", `How do I fix pump ${n}?`) },
        c: { id: "c", parent: "b", children: [], message: message(`a${n}`, "assistant", `Open valve ${n}.`) },
      },
    };
  });
  const root = path.join(folder, "chatgpt");
  fs.mkdirSync(root);
  fs.writeFileSync(path.join(root, "conversations.json"), JSON.stringify(conversations));
  return root;
}

function contacts(folder: string): string {
  const cards = Array.from({ length: 300 }, (_, n) =>
    [
      "BEGIN:VCARD",
      "VERSION:3.0",
      `UID:card-${n}`,
      `FN:Person Number ${n}`,
      `EMAIL:p${n}@example.org`,
      `TEL:+49 30 ${n}`,
      "ORG:Lindau Energie",
      "END:VCARD",
    ].join("\r\n"),
  );
  const file = path.join(folder, "contacts.vcf");
  fs.writeFileSync(file, `${cards.join("\r\n")}\r\n`);
  return file;
}

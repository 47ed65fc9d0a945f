import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, inject, test } from "vitest";
import type { Found } from "./found.ts";
import { type MailContext, parseMail } from "./mail.ts";
import { unflowed } from "./mail-flowed.ts";

const sha256Hex = (text: string) => createHash("sha256").update(text).digest("hex");
const read = (text: string, context: Partial<MailContext> = {}) =>
  parseMail(Buffer.from(text, "latin1"), {
    sha256Hex,
    timeZone: "Europe/Berlin",
    nowMs: Date.UTC(2024, 4, 9),
    where: "mail 1",
    ...context,
  });
const item = ([first]: Found[]) => (first && "item" in first ? first.item : undefined);
const head = "From: sarah@example.org\nDate: Wed, 08 May 2024 13:56:00 +0200\nMessage-ID: <1@example.org>\n";

test("no bytes make it throw", async () => {
  const part = fc.constantFrom(
    ...[head, "Subject: =?utf-8?Q?=FF?=\n", "\n", "Content-Type: multipart/mixed; boundary=b\n", "--b\n", "--b--\n"],
    ...[
      "Content-Type: text/html; charset=nonsense\n",
      "<p>".repeat(3_000),
      "\0",
      "To: (((((,;:<>\n",
      "References: <<<>>>\n",
    ],
    ...["Content-Transfer-Encoding: base64\n", "====\n", "Date: never\n", "\xff\xfe", "X-Gmail-Labels: =?x?\n"],
  );
  const text = fc.oneof(
    fc.array(part).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (mail, isLast) => {
      expect(await read(mail, { isLast })).not.toHaveLength(0);
    }),
    { seed: inject("seed") },
  );
});

test("what is cut off is refused: headers that never end, parts that never close", async () => {
  expect(await read(`${head}Subject: x`)).toEqual([
    { refused: "It is cut off: its headers never end.", externalId: null, where: "mail 1" },
  ]);
  const multipart = `${head}Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nhi\n--b\nContent-Type: image/png\n\niVBO`;
  expect(await read(multipart, { isLast: true })).toEqual([
    { refused: "It is cut off: its last part never ends.", externalId: "1@example.org", where: "mail 1" },
  ]);
  expect(item(await read(`${multipart}\n--b--\n`, { isLast: true }))?.content).toBe(
    "hi\n\nAttachments (not kept): image/png",
  );
});

test("gigantic headers and what is no mail are refused", async () => {
  expect(await read(`${head}X: ${"x".repeat(1_100_000)}\n\nhi`)).toMatchObject([
    { refused: "Its headers are larger than 1 MB." },
  ]);
  expect(await read("hello\n\nworld")).toMatchObject([{ refused: "It has none of the headers that a mail has." }]);
  expect(await read(`${head}\n\n \n`)).toMatchObject([{ refused: "It is empty.", externalId: "1@example.org" }]);
});

test("what is made to exhaust memory is refused", async () => {
  const parts = `Content-Type: multipart/mixed; boundary=b\n\n${"--b\n".repeat(60_000)}--b--\n`;
  expect(await read(head + parts)).toMatchObject([{ refused: "It has more than 50,000 parts." }]);
  expect(await read(`${head}\n${"\n".repeat(1_100_000)}`)).toMatchObject([
    { refused: "It has more than a million lines." },
  ]);
});

test.each([
  ["X-Gmail-Labels: Spam,Unread", "It lies in drafts, spam or trash and was passed over."],
  ["X-Mozilla-Status: 0009", "It was deleted and was passed over."],
  [
    "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA",
    "It is the mailbox's own bookkeeping and was passed over.",
  ],
])("%s is passed over with a remark", async (header, note) => {
  expect(await read(`${head}${header}\n\nhi`)).toMatchObject([{ note }]);
});

test("a mail without a date is taken and said; the From line or Received stands in for it", async () => {
  const undated = "From: a@example.org\nMessage-ID: <2@x>\n";
  expect(await read(`${undated}\nhi`)).toMatchObject([
    { item: { content: "hi" } },
    { note: "It has no date that can be read." },
  ]);
  expect(item(await read(`${undated}\nhi`, { envelope: "1790@xxx Wed May 08 13:56:00 +0200 2024" }))?.at).toBe(
    "2024-05-08T11:56:00.000Z",
  );
  expect(item(await read(`Received: from a by b;\n Wed, 8 May 2024 13:56:00 +0200 (CEST)\n${undated}\nhi`))?.at).toBe(
    "2024-05-08T11:56:00.000Z",
  );
});

test("a mail without a Message-ID has the same id whatever its line ends", async () => {
  const mail = "From: a@example.org\nDate: Wed, 8 May 2024 13:56:00 +0200\n\nhi\n";
  const id = item(await read(mail))?.externalId;
  expect(id).toMatch(/^sha256:[0-9a-f]{32}$/);
  expect(item(await read(mail.replaceAll("\n", "\r\n")))?.externalId).toBe(id);
});

test("a whole mail: names, thread, labels, charset, attachments named", async () => {
  const mail = [
    "Message-ID: <3@example.org>",
    "References: <root@example.org> <2@example.org>",
    "From: =?iso-8859-1?Q?J=F6rg_M=FCller?= <Joerg@Example.org>",
    'To: "Meyer, Sarah" <sarah@example.org>, tom@example.org, Team: Ann Lee <ann@example.org>;',
    "Date: Wed, 8 May 2024 13:56:00 +0200",
    "Subject: =?utf-8?B?R3LDvMOfZQ==?=",
    "X-Gmail-Labels: Inbox,Work/Plans,Unread",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    "Content-Type: text/plain; charset=windows-1252",
    "",
    "Gr\xfc\xdfe \x96 J\xf6rg",
    "--b",
    'Content-Type: application/pdf; name="plan.pdf"',
    "Content-Disposition: attachment; filename=plan.pdf",
    "Content-Transfer-Encoding: base64",
    "",
    "JVBERi0=",
    "--b--",
  ].join("\r\n");
  expect(await read(mail, { tags: ["flagged"] })).toEqual([
    {
      item: {
        externalId: "3@example.org",
        content: "Grüße\n\nGrüße – Jörg\n\nAttachments (not kept): plan.pdf",
        source: "mail",
        session: "mail:root@example.org",
        tags: ["mail", "flagged", "work/plans"],
        entities: [
          { name: "Jörg Müller", kind: "person" },
          { name: "Meyer, Sarah", kind: "person" },
          { name: "Ann Lee", kind: "person" },
        ],
        at: "2024-05-08T11:56:00.000Z",
        datedBy: "header",
        speaker: "Jörg Müller",
        origin: "mail:joerg@example.org",
      },
      where: "mail 1 (Grüße)",
    },
  ]);
});

test("a mail of HTML alone is read as text; where there is text, that is taken", async () => {
  const html =
    "<html><body><h1>Hi</h1><p>See <a href='https://x.example'>this</a>.<br>Bye<img src=x></p></body></html>";
  expect(item(await read(`${head}Content-Type: text/html\n\n${html}`))?.content).toBe("Hi\n\nSee this.\nBye");
  const both = `--b\nContent-Type: text/plain\n\nplain\n--b\nContent-Type: text/html\n\n${html}\n--b--\n`;
  expect(item(await read(`${head}Content-Type: multipart/alternative; boundary=b\n\n${both}`))?.content).toBe("plain");
});

test("H26 a date that cannot be read gives way to that of the arrival, and both are said", async () => {
  const odd = "From: a@example.org\nMessage-ID: <2@x>\nDate: soon\n";
  const found = await read(`Received: from a by b; Wed, 8 May 2024 13:56:00 +0200\n${odd}\nhi`, {
    envelope: "a@example.org Thu May  9 11:56:00 2024",
  });
  expect(item(found)?.at).toBe("2024-05-08T11:56:00.000Z");
  expect(found[1]).toMatchObject({ note: "Its date cannot be read; it has that of its arrival." });
});

test("H26 a forwarded mail keeps its date as it was written, in whatever zone the machine is", async () => {
  const inner = "From: Tom <tom@example.org>\nDate: Tue, 7 May 2024 23:30:00 -0700\nSubject: Tea\n\nCome at four.\n";
  const mail = `${head}Subject: Fwd\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n${inner}--b--\n`;
  expect(item(await read(mail))?.content).toBe(
    "Fwd\n\nSee below.\n\nForwarded mail\nFrom: Tom <tom@example.org>\nDate: Tue, 7 May 2024 23:30:00 -0700\n\nTea\n\nCome at four.",
  );
});

test("H26 what is not read of forwarded mails is named", async () => {
  const inner =
    "From: tom@example.org\nSubject: Tea\nContent-Type: text/calendar; name=tea.ics\n\nBEGIN:VCALENDAR\nEND:VCALENDAR\n";
  const part = `--b\nContent-Type: message/rfc822\n\n${inner}`;
  const mail = `${head}Content-Type: multipart/mixed; boundary=b\n\n${part.repeat(21)}--b--\n`;
  const content = item(await read(mail))?.content ?? "";
  expect(content.split("Attachments (not kept): tea.ics")).toHaveLength(21);
  expect(content).toMatch(/Attachments \(not kept\): message\/rfc822$/);
});

test("H26 lines that flow are joined with those that quote as deep", async () => {
  const flowed = `${head}Content-Type: text/plain; charset=utf-8;\n format=flowed\n\n> a long \n> quote\n>> of an \n>> older one\nAn answer \nof two lines.\n> quoted\n> text\n-- \nAnn\n`;
  expect(item(await read(flowed))?.content).toBe(
    "> a long quote\n>> of an older one\nAn answer of two lines.\n> quoted\n> text\n--\nAnn",
  );
});

test("H26 parts that flow are joined, and lines without end behind a boundary cost no failure", async () => {
  const part = "--b\nContent-Type: text/plain; format=flowed\n\n> two \n> lines\nof \nwords\n";
  const mixed = `${head}Content-Type: multipart/mixed; boundary=b\n\n`;
  expect(item(await read(`${mixed}${part}--b--\n`))?.content).toBe("> two lines\nof words");
  const { isFlowed } = unflowed(Buffer.from(`${mixed}${part}--b\n${"no end\n".repeat(5_000_000)}`));
  expect(isFlowed).toBe(true);
});

test("H26 an invitation within a mail is a memory of the mail", async () => {
  const calendar =
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:9\nSUMMARY:Tea\nDTSTART:20240510T140000Z\nEND:VEVENT\nEND:VCALENDAR\n";
  const mail = `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease come.\n--b\nContent-Type: text/calendar; method=REQUEST\n\n${calendar}--b--\n`;
  const found = await read(mail);
  expect(found).toMatchObject([
    { item: { externalId: "1@example.org", content: "Please come." } },
    {
      item: {
        externalId: "1@example.org#9",
        content: expect.stringContaining("Tea"),
        source: "mail",
        origin: "mail:sarah@example.org",
      },
    },
  ]);
});

const invited = (events: readonly string[], type = "text/calendar", more = "") =>
  read(
    `${head}Content-Type: multipart/mixed; boundary=b\n\n--b\n\nPlease come.\n--b\nContent-Type: ${type}${more}\n\nBEGIN:VCALENDAR\n${events.join("")}END:VCALENDAR\n--b--\n`,
  );
const tea = (uid: number, more = "") =>
  `BEGIN:VEVENT\nUID:${uid}\nSUMMARY:Tea\nDTSTART:20240510T140000Z\n${more}END:VEVENT\n`;

test("H26 what is said of a calendar within a mail is said, and nothing is cut unsaid", async () => {
  const weekly = await invited([tea(1, "RRULE:FREQ=WEEKLY\n"), "BEGIN:VEVENT\nUID:2\nnothing\nEND:VEVENT\n"]);
  expect(weekly.flatMap((each) => ("note" in each ? [each.note] : []))).toEqual([
    "Of the calendar within it: A line of it cannot be read.",
    "It goes on for long: its rule was kept, and its times around now.",
  ]);
  const many = await invited(Array.from({ length: 120 }, (_, n) => tea(n)));
  expect(many.filter((each) => "item" in each)).toHaveLength(101);
  expect(many.at(-1)).toMatchObject({ note: "Of the calendars within it only the first 100 entries were taken." });
});

test("H26 a calendar that is read is not named as not kept", async () => {
  const [mail, event] = await invited([tea(1)], "application/octet-stream", '; name="invite.ics"');
  expect([item([mail as Found])?.content, item([event as Found])?.tags]).toEqual(["Please come.", ["invitation"]]);
});

test("H26 what a text says of headers that flow stays as it stands", async () => {
  const about = "Set this header:\nContent-Type: text/plain; format=flowed\nand the lines \nstay.";
  expect(item(await read(`${head}Content-Type: text/plain\n\n${about}\n`))?.content).toBe(about);
});

test("H26 letters of a mail that names no charset, or one that nobody knows, are read as what they look like", async () => {
  const bare = `${head}Subject: Gr\xfc\xdfe\n\nGr\xfc\xdfe aus K\xf6ln\n`;
  expect(item(await read(bare))?.content).toBe("Grüße\n\nGrüße aus Köln");
  const utf8 = Buffer.from("Grüße aus Köln").toString("latin1");
  expect(item(await read(`${head}Content-Type: text/plain; charset=x-unknown\n\n${utf8}\n`))?.content).toBe(
    "Grüße aus Köln",
  );
  const named = `${head}Content-Type: text/plain; charset=koi8-r\n\n\xf0\xd2\xc9\xd7\xc5\xd4\n`;
  expect(item(await read(named))?.content).toBe("Привет");
});

test("H26 how letters were read is told where it was a guess, and what a text says of charsets is no header", async () => {
  const note = (found: Found[]) => found.flatMap((each) => ("note" in each ? each.note : []));
  const guessed = await read(`${head}Subject: Gr\xfc\xdfe\n\nGr\xfc\xdfe aus K\xf6ln\n`);
  expect(note(guessed)).toEqual(["It says of no letters how they are written, and was read as Windows-1252."]);
  expect(note(await read(`${head}Content-Type: text/plain; charset=utf-8\n\nGrüße\n`))).toEqual([]);
  // A text that speaks of it, also in the words of a header.
  const about = "Set charset=koi8-r, or\nContent-Type: text/plain; charset=c\nGr\xfc\xdfe";
  expect(item(await read(`${head}Content-Type: text/plain; charset=c\n\n${about}\n`))?.content).toBe(
    "Set charset=koi8-r, or\nContent-Type: text/plain; charset=c\nGrüße",
  );
  // One within another says it for itself.
  const inner = `${head}Subject: Inner\nContent-Type: text/plain; charset=windows-1252\n\nK\xf6ln\n`;
  const parts = `--b\nContent-Type: text/plain; charset=us-ascii\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n${inner}--b--\n`;
  const forwarded = await read(`${head}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n${parts}`);
  expect([item(forwarded)?.content, note(forwarded)]).toEqual([expect.stringContaining("Köln"), []]);
});

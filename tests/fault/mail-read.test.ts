// Mail as it is read: whole, unseen, within bounds, whatever is in it.
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import type { MailMessage } from "@mh/contract/values/mail-message.ts";
import { owner } from "@mh/contract/values/principal.ts";
import { makeHost } from "@mh/testing";
import { expect } from "vitest";
import { startDovecot } from "../support/dovecot.ts";
import { hello, mailTest, message, withAccount } from "../support/mail-account.ts";
import { mhWithHome } from "./mh.ts";

mailTest("H16 reading mail leaves it unseen", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  await withAccount(home, dovecot);
  expect(await home.own("mail.read", {})).toMatchObject({ folder: "INBOX", messages: [], more: false });
  dovecot.deliver(hello);
  dovecot.deliver(
    hello.replaceAll("ello", "ullo").replace("\n\n", "\nIn-Reply-To: <mine@home.example>\nList-Id: <x.y>\n\n"),
  );
  dovecot.deliver("From: ada@home.example\nMessage-ID: <mine@home.example>\n\nMine\n", "Sent");
  const first = await home.own("mail.read", {});
  expect(first.messages.map(({ subject }) => subject)).toEqual(["Hullo", "Hello"]);
  expect(first.messages[1]).toEqual({
    uid: 1,
    messageId: "<hello@example.org>",
    inReplyTo: null,
    references: [],
    origin: "mail:sarah@example.org",
    from: { name: "Sarah", address: "sarah@example.org" },
    to: [{ name: "Ada", address: "ada@home.example" }],
    cc: [],
    subject: "Hello",
    date: "2026-03-02T08:00:00.000Z",
    receivedAt: expect.stringMatching(/^\d{4}-/),
    seen: false,
    sizeBytes: Buffer.byteLength(hello.replaceAll("\n", "\r\n")),
    bulk: [],
    isForged: false,
    repliesToYou: false,
    text: "Are you there?",
    isCut: false,
    attachments: [],
    problem: null,
  });
  expect(first.messages[0]).toMatchObject({ repliesToYou: true, bulk: ["List-Id"] });
  const one = await home.own("mail.read", { uid: 1 });
  expect(one.messages.map(({ uid, seen }) => [uid, seen])).toEqual([[1, false]]);
  expect((await home.own("mail.read", { unseenOnly: true, limit: 1 })).more).toBe(true);
  const since = first.messages[1]?.receivedAt;
  expect((await home.own("mail.read", { since: since ?? "" })).messages.length).toBe(2);
  expect((await home.own("mail.read", { since: "2100-01-01T00:00:00Z" })).messages).toEqual([]);
  expect(dovecot.messages().map(({ flags }) => flags)).toEqual(["", ""]);
  expect(message(await home.act(owner, "mail.read", { uid: 9 }))).toMatch(/no message 9/);
  // A mail "from" the owner is theirs among the sent ones, and nowhere else.
  const signed = async (folder: string) =>
    (await home.own("mail.read", { folder })).messages.map(({ from, signedBy }) => [from?.address, signedBy]);
  dovecot.deliver("From: ada@home.example\nMessage-ID: <forged@evil.example>\n\nMine\n");
  expect(await signed("Sent")).toEqual([["ada@home.example", "ada@home.example"]]);
  expect((await signed("INBOX")).filter(([, by]) => by !== undefined)).toEqual([]);
  expect(message(await home.act(owner, "mail.read", { folder: "Elsewhere" }))).toMatch(/no folder Elsewhere/);
  expect(message(await home.act(owner, "mail.read", { account: "work" }))).toMatch(
    /no mail account work\. There is home/,
  );
  const triaged = await home.own("mail.triage", { messages: first.messages });
  expect(triaged.messages).toMatchObject([{ uid: 2 }, { uid: 1, urgency: "normal" }]);
});

mailTest("a mail with an attachment of 40 MB is read without it", async () => {
  await using dovecot = await startDovecot();
  await using counted = await countingProxy(dovecot.imap);
  await using home = await makeHost();
  await withAccount(home, dovecot, { imap: { port: counted.port, tls: "none" } });
  const line = `${"A".repeat(76)}\r\n`;
  dovecot.deliver(
    Buffer.from(
      `${hello.split("\n\n")[0]}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nLook.\n--b\nContent-Type: video/mp4; name="=?utf-8?Q?f=C3=BCr_dich.mp4?="\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${line.repeat(700_000)}\n--b--\n`.replace(
        /\r?\n/g,
        "\r\n",
      ),
    ),
  );
  const { messages } = await home.own("mail.read", {});
  expect(messages[0]).toMatchObject({ text: "Look.", isCut: false, attachments: ["für dich.mp4"] });
  expect(messages[0]?.sizeBytes).toBeGreaterThan(40e6);
  expect(counted.bytes()).toBeLessThan(100_000);
});

const hostile: [what: string, raw: string | Buffer, expected: Partial<MailMessage>][] = [
  ["nothing at all", "", { from: null, subject: "", text: "" }],
  ["no headers", "\nJust text\n", { from: null, origin: "mail:" }],
  ["no body", "Subject: Hi\n", { subject: "Hi", text: "" }],
  ["10,000 headers", `${"X-Junk: yes\n".repeat(10_000)}${hello}`, { subject: "Hello", text: "Are you there?" }],
  ["an endless header", `X-Junk: ${"a".repeat(400_000)}\n${hello}`, { text: "Are you there?" }],
  ["an endless subject", `Subject: ${"word ".repeat(20_000)}\n\nx\n`, { text: "x" }],
  [
    "10,000 recipients",
    `To: ${Array.from({ length: 10_000 }, (_, n) => `a${n}@b.de`).join(", ")}\n\nx\n`,
    { text: "x" },
  ],
  ["a text of 5 MB", `Subject: long\n\n${"word ".repeat(1_000_000)}\n`, { subject: "long", isCut: true }],
  ["a charset that is none", "Content-Type: text/plain; charset=klingon-7\n\nSchön\n", { text: "Schön" }],
  [
    "the wrong charset",
    Buffer.from("Content-Type: text/plain; charset=utf-8\r\n\r\nSch\xf6n\r\n", "latin1"),
    { text: "Sch\uFFFDn" },
  ],
  ["a charset with a header in it", 'Content-Type: text/plain; charset="utf-8\\"; x=\\"y"\n\nx\n', { text: "x" }],
  [
    "latin-1",
    Buffer.from("Content-Type: text/plain; charset=iso-8859-1\r\n\r\nSch\xf6n\r\n", "latin1"),
    { text: "Schön" },
  ],
  ["bidi in the subject", "Subject: =?utf-8?B?4oCucmVkIG5p4oCs?=\n\nx\n", { subject: "\u202ered ni\u202c" }],
  [
    "NULs",
    Buffer.from("Subject: a\0b\r\n\r\nc\0d\r\n"),
    { text: expect.stringMatching(/^c.?d$/) as unknown as string },
  ],
  ["a boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nfoo\n", { text: "" }],
  ["a part that never ends", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nfoo\n", { text: "foo" }],
  [
    "base64 that is none",
    "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!!!%%%%\n",
    { text: expect.any(String) as unknown as string },
  ],
  [
    "an HTML mail",
    "Content-Type: text/html\n\n<style>x</style><p>Hi <b>you</b><script>1</script>\n",
    { text: "Hi you" },
  ],
  ["deep HTML", `Content-Type: text/html\n\n${"<div>".repeat(5_000)}x\n`, { attachments: [] }],
  [
    "3,000 parts",
    `Content-Type: multipart/mixed; boundary=b\n\n${"--b\nContent-Disposition: attachment\n\nx\n".repeat(3_000)}--b--\n`,
    {},
  ],
  ["deep parts", `Subject: deep\n${nested(60)}\n`, { subject: "deep", problem: "Its parts cannot be told apart." }],
  ["a bad address", 'From: <<>> @ , ;;\nTo: "\\\n\nx\n', { text: "x" }],
  [
    "a group",
    "From: a@b.de\nTo: friends: c@d.de, e@f.de;\n\nx\n",
    {
      to: [
        { name: "", address: "c@d.de" },
        { name: "", address: "e@f.de" },
      ],
    },
  ],
  ["a carried mail", `Content-Type: message/rfc822\n\n${hello}`, { text: "", attachments: ["message/rfc822"] }],
];

function nested(depth: number): string {
  return Array.from({ length: depth }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}`).join("\n");
}

mailTest("hostile mails are read as what they are, within bounds, and none hides another", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  await withAccount(home, dovecot);
  for (const [, raw] of hostile) dovecot.deliver(raw);
  const { messages } = await home.own("mail.read", { limit: 50 });
  const byUid = messages.toReversed();
  expect(byUid.map(({ uid }) => uid)).toEqual(hostile.map((_, n) => n + 1));
  expect(hostile.map(([what], n) => [what, byUid[n]])).toEqual(
    hostile.map(([what, , expected]) => [what, expect.objectContaining(expected)]),
  );
  for (const { subject, to, text, attachments } of messages) {
    expect(subject.length).toBeLessThanOrEqual(500);
    expect(to.length).toBeLessThanOrEqual(50);
    expect(text.length).toBeLessThanOrEqual(8_000);
    expect(attachments.length).toBeLessThanOrEqual(50);
  }
  await home.own("mail.triage", { messages });
  for (const { uid } of messages) {
    const { messages: one } = await home.own("mail.read", { uid });
    expect(one[0]?.text.length).toBeLessThanOrEqual(200_000);
  }
});

mailTest("mh mail lists and shows mail, and nothing in it plays tricks on the screen", async () => {
  await using dovecot = await startDovecot();
  using mh = mhWithHome();
  const server = `{ host: localhost, port: ${dovecot.imap}, tls: none }`;
  const account = `{ name: home, address: ada@home.example, user: ada, secret: mail, imap: ${server} }`;
  fs.appendFileSync(`${mh.root}/config.yaml`, `\nmail:\n  accounts:\n    - ${account}\n`);
  expect(mh.run(["mail"])).toMatchObject({ code: 1, err: expect.stringContaining("mh review") });
  expect(mh.run(["review", "--adopt"]).code).toBe(0);
  mh.run(["secret", "store", "keyfile"]);
  expect(mh.run(["secret", "set", "mail"], { input: `${dovecot.password}\n` }).code).toBe(0);
  dovecot.deliver(
    "From: =?utf-8?Q?Sarah=1B[2J?= <sarah@example.org>\nSubject: =?utf-8?B?4oCucmVkIG5p4oCs?=\n\nHi\u001b]0;x\u0007\n",
  );
  dovecot.deliver(hello);
  const listed = mh.run(["mail"]);
  expect([listed.code, listed.err]).toEqual([0, expect.stringContaining("2 mails in INBOX.")]);
  expect(
    listed.out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ["2", expect.any(String), "Sarah", "Hello"],
    ["1", expect.any(String), "Sarah[U+001B][2J", "[U+202E]red ni[U+202C]"],
  ]);
  const shown = mh.run(["mail", "read", "1"]);
  expect(shown.out).toContain("Hi[U+001B]]0;x[U+0007]");
  expect(JSON.parse(mh.run(["mail", "--unread", "--json"]).out).messages.length).toBe(2);
  expect(mh.run(["mail", "read", "9"])).toMatchObject({ code: 1, err: expect.stringContaining("no message 9") });
});

/** Passes bytes on both ways, and counts those that come from the server. */
async function countingProxy(target: number): Promise<AsyncDisposable & { port: number; bytes(): number }> {
  let bytes = 0;
  const proxy = net.createServer((client) => {
    const server = net.connect(target, "127.0.0.1");
    server.on("data", (chunk) => {
      bytes += chunk.length;
    });
    server.pipe(client).pipe(server);
    for (const each of [client, server]) each.on("error", () => undefined);
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as net.AddressInfo).port,
    bytes: () => bytes,
    [Symbol.asyncDispose]: () => new Promise((resolve) => proxy.close(() => resolve())),
  };
}

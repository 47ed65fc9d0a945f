// Reminders by mail, against a real mail server and a real channel.
import { expect } from "vitest";
import { startDovecot } from "../support/dovecot.ts";
import { mailTest } from "../support/mail-account.ts";
import { mailDay } from "../support/mail-day.ts";
import { startNtfy } from "../support/ntfy.ts";

const mail = (from: string, id: string, subject = "Hello") => `From: ${from}
To: Ada <ada@home.example>
Subject: ${subject}
Message-ID: <${id}@mail.example>

Hello Ada
`;
const at = (time: string) => new Date(`2026-03-02T${time}Z`);

mailTest(
  "a mail from whom is waited for reminds once; one from somebody who only bears the name does not",
  async () => {
    await using dovecot = await startDovecot();
    await using ntfy = await startNtfy();
    await using day = await mailDay(dovecot, ntfy, { vips: [] });
    const { home } = day;
    dovecot.deliver(mail("Sarah <sarah@friends.example>", "before"), "INBOX", at("08:00:00"));
    await day.look("2026-03-02T09:00:00Z");
    await home.own("standing.add", { text: "when Sarah writes, remind me of the cost sheet" });
    const about = await home.own("standing.add", {
      text: "when @acme.example writes about the invoice, add a task: pay Acme",
    });
    const nobody = await home.own("standing.add", { text: "when Tom writes, remind me of his keys" });
    expect([about.note, nobody.people]).toEqual([null, []]);
    expect(nobody.note).toContain('mh memory fact "Tom" email');
    await day.look("2026-03-02T09:01:00Z");
    const hostile = [
      // Another address under the name, the address as a name, a look-alike of it, a domain that begins like it.
      mail("Sarah <sarah@evil.example>", "1"),
      mail('"sarah@friends.example" <x@evil.example>', "2"),
      mail("Sarah <s\u0430rah@friends.example>", "3"),
      mail("Sarah <sarah@friends.example.evil.example>", "4"),
      mail("Tom <tom@evil.example>", "5"),
      mail("Acme <pay@notacme.example>", "6", "the invoice"),
      mail("Acme <pay@acme.example>", "7", "Hello"),
    ];
    for (const each of hostile) dovecot.deliver(each, "INBOX", at("09:02:00"));
    await day.look("2026-03-02T09:07:00Z");
    expect(ntfy.messages).toEqual([]);
    // An id that somebody else used before is no reason to miss a mail.
    dovecot.deliver(mail("Sarah <Sarah@Friends.example>", "1", "See https://evil.example"), "INBOX", at("09:08:00"));
    dovecot.deliver(mail("Acme <pay@acme.example>", "8", "Your invoice of the month"), "INBOX", at("09:08:00"));
    for (const time of ["09:13", "09:19", "09:25"]) await day.look(`2026-03-02T${time}:00Z`);
    await day.reopen();
    await day.look("2026-03-02T09:31:00Z");
    expect(ntfy.messages.map(({ title, message }) => [title, message])).toEqual([
      ["Remember: the cost sheet", "A mail from Sarah came."],
    ]);
    const { standing } = await home.own("standing.list", {});
    expect(standing.map(({ matches, last }) => [matches, last?.told])).toEqual([
      [1, "sent"],
      [1, "task"],
      [0, undefined],
    ]);
    expect((await home.own("task.list", {})).tasks.map(({ title }) => title)).toEqual(["pay Acme"]);
    dovecot.deliver(mail("Sarah <sarah@friends.example>", "9"), "INBOX", at("09:32:00"));
    await day.look("2026-03-02T09:37:00Z");
    expect(ntfy.messages.length).toBe(2);
  },
);

mailTest(
  "of more mails than one look reads none is missed: the next looks read on, and mailboxes that are numbered anew are read anew",
  async () => {
    await using dovecot = await startDovecot();
    await using ntfy = await startNtfy();
    await using day = await mailDay(dovecot, ntfy, { vips: [] });
    const { home } = day;
    await day.look("2026-03-02T09:00:00Z");
    await home.own("standing.add", { text: "when Sarah writes, remind me of the cost sheet" });
    await home.own("standing.add", { text: "when @acme.example writes, remind me of the invoice" });
    const noise = (from: number, to: number) => {
      for (let n = from; n < to; n += 1)
        dovecot.deliver(mail("News <news@shop.example>", `noise-${n}`), "INBOX", at("09:02:00"));
    };
    dovecot.deliver(mail("Acme <pay@acme.example>", "first"), "INBOX", at("09:02:00"));
    noise(0, 205);
    dovecot.deliver(mail("Sarah <sarah@friends.example>", "last"), "INBOX", at("09:02:00"));
    await day.look("2026-03-02T09:07:00Z");
    expect(ntfy.messages.map(({ title }) => title)).toEqual(["Remember: the invoice"]);
    await day.look("2026-03-02T09:07:15Z");
    expect(ntfy.messages.map(({ title }) => title)).toEqual(["Remember: the invoice", "Remember: the cost sheet"]);
    // There is nothing to read on: it waits as long as ever.
    const looks = async () => (await home.own("log.search", { skill: "mail.read" })).records.length;
    const before = await looks();
    await day.look("2026-03-02T09:07:30Z");
    expect([before > 0, await looks()]).toEqual([true, before]);
    dovecot.renumber();
    dovecot.deliver(mail("Sarah <sarah@friends.example>", "anew"), "INBOX", at("09:08:00"));
    await day.look("2026-03-02T09:13:00Z");
    expect(ntfy.messages.length).toBe(3);
  },
);

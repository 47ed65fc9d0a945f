// Mail that is drafted, sent and thrown away: once, as it was meant, and said as it ended.
import { agent, owner } from "@mh/contract/values/principal.ts";
import type { OutsideSkill } from "@mh/core/kernel/skill.ts";
import type { SettingsState } from "@mh/core/settings/config.ts";
import { makeHost } from "@mh/testing";
import { expect } from "vitest";
import { startDovecot } from "../support/dovecot.ts";
import { hello, letter, mailTest, message, withAccount } from "../support/mail-account.ts";
import { startSmtp } from "../support/smtp.ts";

mailTest("a draft is laid into the mailbox once, however often its command is tried", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  await withAccount(home, dovecot);
  const id = home.host.newId();
  const args = {
    ...{ to: ["sarah@example.org"], cc: ["Tom@Bücher.example"], subject: "Re: Schön", body: "Grüße\n.\nAda\n" },
    inReplyTo: "<hello@example.org>",
  };
  const drafted = await home.act(owner, "mail.draft", args, { id });
  expect(drafted).toMatchObject({
    status: "done",
    value: { folder: "Drafts", uid: 1, messageId: `<${id}@home.example>` },
  });
  expect((await home.act(owner, "mail.draft", args, { id })).status).toBe("done");
  // As after a crash between the effect and its outcome's record.
  const skill = home.host.registry.get("mail.draft") as OutsideSkill<unknown, unknown>;
  const { inForce: config } = await home.own<SettingsState>("config.show");
  const again = await skill.run(args, {
    ...{ commandId: id, principal: owner, config, now: 0, origins: [] },
    signal: new AbortController().signal,
    progress: () => undefined,
    note: () => undefined,
    keep: () => "",
    drop: () => undefined,
  });
  expect(again).toMatchObject({ uid: 1 });
  const drafts = dovecot.messages("Drafts");
  expect(drafts.map(({ flags }) => flags)).toEqual(["DS"]);
  const { text = "" } = drafts[0] ?? {};
  expect(text.split("\n\n")[0]?.split("\n")).toEqual(
    expect.arrayContaining([
      "From: Ada <ada@home.example>",
      "To: sarah@example.org",
      "Cc: Tom@xn--bcher-kva.example",
      "Subject: =?UTF-8?Q?Re=3A_Sch=C3=B6n?=",
      "In-Reply-To: <hello@example.org>",
      "References: <hello@example.org>",
      "Date: Mon, 02 Mar 2026 09:00:00 +0000",
    ]),
  );
  const read = await home.own("mail.read", { folder: "Drafts" });
  expect(read.messages[0]).toMatchObject({ subject: "Re: Schön", text: "Grüße\n.\nAda" });
  expect((await home.act(owner, "mail.draft", args)).status).toBe("done");
  expect(dovecot.messages("Drafts").length).toBe(2);
});

mailTest("a mail is sent over TLS to everybody, and a copy is kept", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  const args = { ...letter, cc: ["tom@example.org"], bcc: ["eve@example.org", "SARAH@example.org"] };
  for (const mode of ["implicit", "starttls"] as const) {
    await using smtp = await startSmtp({ ...dovecot, mode });
    await withAccount(home, dovecot, { smtp: { port: smtp.port, tls: mode } });
    const sent = await home.act(owner, "mail.send", args);
    expect(sent).toMatchObject({
      status: "done",
      value: { rejected: [], copy: "Sent", copyProblem: null, messageId: `<${sent.id}@home.example>` },
    });
    const [received] = smtp.received;
    expect(received).toMatchObject({ from: "ada@home.example", isSecure: true });
    expect(new Set(received?.to.map((each) => each.toLowerCase()))).toEqual(
      new Set(["sarah@example.org", "tom@example.org", "eve@example.org"]),
    );
    expect(received?.text).toContain("At noon?");
    expect(received?.text).not.toContain("eve@example.org");
  }
  const copies = dovecot.messages("Sent");
  expect(copies.map(({ flags }) => flags)).toEqual(["S", "S"]);
  expect(copies[0]?.text).toContain("Bcc: eve@example.org");
  await using plain = await startSmtp({ ...dovecot, mode: "plain" });
  await withAccount(home, dovecot, { smtp: { port: plain.port, tls: "none" } });
  expect((await home.act(owner, "mail.send", letter)).status).toBe("done");
  expect(plain.received.length).toBe(1);
});

mailTest("what a server refuses or leaves open is said as it is", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  const refuses = ["tom@example.org"];
  {
    await using smtp = await startSmtp({ ...dovecot, refuses });
    await withAccount(home, dovecot, { smtp: { port: smtp.port } });
    const some = await home.own("mail.send", { ...letter, cc: refuses });
    expect(some).toMatchObject({ accepted: letter.to, rejected: refuses });
    const none = await home.act(owner, "mail.send", { ...letter, to: refuses });
    expect(message(none)).toMatch(/did not take the mail: .*No mailbox tom@example\.org/);
    expect(smtp.received.length).toBe(1);
    await withAccount(home, dovecot, { smtp: { port: smtp.port }, imap: { port: 1 } });
    const uncopied = await home.own("mail.send", letter);
    expect(uncopied).toMatchObject({ accepted: letter.to, copy: null });
    expect(uncopied).toMatchObject({ copyProblem: expect.stringMatching(/localhost:1 could not be reached/) });
  }
  await using smtp = await startSmtp({ ...dovecot, hangsUp: true });
  await withAccount(home, dovecot, { smtp: { port: smtp.port } });
  const open = await home.act(owner, "mail.send", letter);
  expect(message(open)).toMatch(/Look whether it arrived before you send it again/);
  expect(smtp.received.length).toBe(1);
});

mailTest("nothing in an argument begins a header or another address", async () => {
  await using home = await makeHost();
  const bad = [
    { to: ["sarah@example.org\r\nBcc: eve@evil.example"] },
    { to: ["sarah@example.org, eve@evil.example"] },
    { to: ["Sarah <sarah@example.org>"] },
    { to: ['"sarah@example.org"@evil.example'] },
    { to: ["sarah@example.org\u202e"] },
    { to: ["sarah@exa mple.org"] },
    { to: ["sarah"] },
    { to: [] },
    { cc: ["a@b.de\nX: y"] },
    { subject: "Hi\r\nBcc: eve@evil.example" },
    { subject: "Hi\u2028Bcc: eve@evil.example" },
    { inReplyTo: "<1@x>\r\nBcc: eve@evil.example" },
    { inReplyTo: "1@x" },
    { references: ["<1@x> <2@x>"] },
    { html: "<b>" },
    { attachments: [{ path: "/etc/passwd" }] },
  ];
  for (const skill of ["mail.draft", "mail.send"]) {
    const ends = await Promise.all(bad.map((change) => home.act(owner, skill, { ...letter, ...change })));
    const codes = ends.map((outcome) => outcome.status === "failed" && outcome.fault.code);
    expect(codes).toEqual(bad.map(() => "args.invalid"));
  }
});

mailTest("a mail goes to the trash, and only the one that was meant", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  await withAccount(home, dovecot);
  for (const name of ["one", "two"]) dovecot.deliver(hello.replaceAll("hello", name));
  const { uidValidity } = await home.own("mail.read", {});
  const stale = await home.act(owner, "mail.delete", { uid: 1, uidValidity: `${Number(uidValidity) + 1}` });
  expect(message(stale)).toMatch(/numbered the mails of INBOX anew/);
  expect(message(await home.act(owner, "mail.delete", { uid: 9, uidValidity }))).toMatch(/no message 9/);
  expect(dovecot.messages().length).toBe(2);
  expect(await home.own("mail.delete", { uid: 1, uidValidity })).toMatchObject({ trash: "Trash", uid: 1 });
  const left = [dovecot.messages(), dovecot.messages("Trash")].map((mails) =>
    mails.map(({ text }) => /<(\w+)@/.exec(text.slice(text.indexOf("Message-ID")))?.[1]),
  );
  expect(left).toEqual([["two"], ["one"]]);
  const trash = await home.own("mail.read", { folder: "Trash" });
  const twice = { uid: 1, uidValidity: trash.uidValidity, folder: "Trash" };
  expect(message(await home.act(owner, "mail.delete", twice))).toMatch(/mh deletes nothing there/);
  expect(dovecot.messages("Trash").length).toBe(1);
});

mailTest("S13 the request to throw a mail away says which it is, and holds for that one", async () => {
  await using dovecot = await startDovecot();
  await using home = await makeHost();
  await withAccount(home, dovecot);
  const monitor = agent("email-monitor");
  await home.own("grant.give", { principal: monitor, skill: "mail.delete" });
  dovecot.deliver(hello);
  const { uidValidity } = await home.own("mail.read", {});
  const ask = async (uid: number) => {
    const { id } = await home.act(monitor, "mail.delete", { uid, uidValidity });
    return home.own("approval.show", { id });
  };
  const view = await ask(1);
  expect(view.command?.pins).toMatchObject([{ what: "mail 1 in INBOX", shows: expect.stringContaining("subject: ") }]);
  const none = await ask(2);
  expect(none.command?.pins).toMatchObject([{ what: "mail 2 in INBOX", hash: "none" }]);
  dovecot.deliver(hello.replaceAll("hello", "another"));
  const refused = await home.act(owner, "approval.approve", { id: none.approval.id, hash: none.hash });
  expect(refused).toMatchObject({ status: "failed", fault: { code: "approval.changed" } });
  expect(await home.approve(view.approval.id, view.hash)).toMatchObject({ status: "done" });
});

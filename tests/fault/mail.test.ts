// Reaching a mail server: what keeps it from being read or sent by, and what is said then.
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import { owner } from "@mh/contract/values/principal.ts";
import type { MailLogin } from "@mh/core/ports/mail.ts";
import { nodeMail } from "@mh/host/adapters/node-mail.ts";
import { keyFolder } from "@mh/host/places.ts";
import { secretFiles } from "@mh/host/secrets/secret-files.ts";
import { makeHost } from "@mh/testing";
import { expect } from "vitest";
import { startDovecot } from "../support/dovecot.ts";
import { filesBelow } from "../support/files-below.ts";
import { isAlive } from "../support/is-alive.ts";
import { letter, mailTest, message, type Servers, withAccount } from "../support/mail-account.ts";
import { startSmtp } from "../support/smtp.ts";

mailTest("without an account, each skill says what to do", async () => {
  await using home = await makeHost();
  const faults = new Set<string>();
  for (const [skill, args] of [
    ["mail.read", {}],
    ["mail.draft", letter],
    ["mail.send", letter],
    ["mail.delete", { uid: 1, uidValidity: "1" }],
  ] as const)
    faults.add(message(await home.act(owner, skill, args)));
  expect([...faults]).toEqual([expect.stringMatching(/^No mail account is set up\. .*mh secret set/)]);
});

mailTest("a wrong or missing password is a fault with its next step, and stands nowhere", async () => {
  await using dovecot = await startDovecot();
  await using smtp = await startSmtp({ ...dovecot });
  await using home = await makeHost();
  await withAccount(home, dovecot, { smtp: { port: smtp.port }, secret: "wrong-password" });
  const refused = [await home.act(owner, "mail.read"), await home.act(owner, "mail.send", letter)];
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ status: "failed", fault: { code: "mail.failed" } });
    expect(message(outcome)).toMatch(/refused the login of home\. .*`mh secret set mail`/);
  }
  secretFiles(keyFolder(home.host.home.id, home.environment)).remove("mail");
  const missing = await home.act(owner, "mail.read");
  expect(missing).toMatchObject({ status: "failed", fault: { code: "secret.missing" } });
  const everything = [
    JSON.stringify([refused, missing]),
    ...filesBelow(home.root).map((file) => fs.readFileSync(file, "latin1")),
  ].join("\n");
  expect(everything).not.toContain("wrong-password");
  expect(smtp.received).toEqual([]);
});

mailTest("a server that cannot be trusted, reached, or understood is a fault that says which", async () => {
  await using dovecot = await startDovecot();
  await using plain = await startSmtp({ ...dovecot, mode: "plain" });
  await using home = await makeHost();
  const said = async (servers: Servers, skill = "mail.read") => {
    await withAccount(home, dovecot, servers);
    return message(await home.act(owner, skill, skill === "mail.send" ? letter : {}));
  };
  expect(await said({ imap: { port: dovecot.imap } })).toMatch(/could not be reached safely/);
  expect(await said({ imap: { port: 1 } })).toMatch(/localhost:1 could not be reached/);
  expect(await said({ imap: { port: dovecot.imap, tls: "none", host: "mail.example.org" } })).toMatch(
    /without encryption/,
  );
  const offersNone = { smtp: { port: plain.port, tls: "starttls" } };
  expect(await said(offersNone, "mail.send")).toMatch(/could not be reached safely/);
  expect(await said({ smtp: { port: 1 } }, "mail.send")).toMatch(/localhost:1 could not be reached/);
  expect(await said({}, "mail.send")).toMatch(/has no smtp server/);
  await withAccount(home, { ...dovecot, caFile: "" });
  expect(message(await home.act(owner, "mail.read"))).toMatch(/could not be reached safely .*network\.caFile/s);
  await withAccount(home, dovecot);
  await dovecot.stop();
  expect(message(await home.act(owner, "mail.read"))).toMatch(/could not be reached/);
  expect(plain.received).toEqual([]);
});

mailTest("a server that says nothing is not waited for, nor one whose work was ended", async () => {
  const silent = net.createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as net.AddressInfo;
  const login: MailLogin = {
    ...{ account: "home", host: "localhost", port, tls: "none", user: "ada", password: "secret", secret: "mail" },
    signal: new AbortController().signal,
  };
  const hasty = nodeMail({ ca: () => undefined, timeoutMs: 100 });
  const envelope = { from: "ada@home.example", to: ["sarah@example.org"] };
  await expect(hasty.mailbox(login, async () => 1)).rejects.toThrow(/could not be reached/);
  await expect(hasty.submit(login, envelope, Buffer.from("x"))).rejects.toThrow(/could not be reached/);
  const patient = nodeMail({ ca: () => undefined });
  const ended = (work: (signal: AbortSignal) => Promise<unknown>) => {
    const ending = new AbortController();
    silent.once("connection", () => ending.abort("STOP came"));
    return expect(work(ending.signal)).rejects.toMatchObject({ code: "mail.failed" });
  };
  await ended((signal) => patient.mailbox({ ...login, signal }, async () => 1));
  await ended((signal) => patient.submit({ ...login, signal }, envelope, Buffer.from("x")));
  silent.close();
});

mailTest("the test's own mail server leaves nothing running", async () => {
  const dovecot = await startDovecot();
  await nodeMail({ ca: () => dovecot.tls.ca }).mailbox(
    {
      ...{ account: "home", host: "localhost", port: dovecot.imaps, tls: "implicit", secret: "mail" },
      ...{ user: dovecot.user, password: dovecot.password, signal: new AbortController().signal },
    },
    async (mailbox) => mailbox.open("INBOX"),
  );
  const pids = dovecot.pids();
  expect(pids.length).toBeGreaterThan(1);
  await dovecot[Symbol.asyncDispose]();
  await expect.poll(() => pids.filter(isAlive)).toEqual([]);
});

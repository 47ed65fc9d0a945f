import * as fs from "node:fs";
import { calendarSettings } from "@mh/core/calendar/settings.ts";
import { mailSettings } from "@mh/core/mail/settings.ts";
import type { Config } from "@mh/core/model/config.ts";
import { notifySettings } from "@mh/core/notify/settings.ts";
import type { SettingsState } from "@mh/core/settings/config.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

const account = (host: string) => ({
  mail: { accounts: [{ name: "work", address: "ada@example.org", secret: "work", imap: { host, port: 993 } }] },
});

/** Everything that a hand edit may not widen, once as its owner has it and once as somebody else would like it. */
const guarded: [string, Record<string, unknown>, Record<string, unknown>, (config: Config) => unknown][] = [
  [
    "where a mail password goes",
    account("mail.example.org"),
    account("evil.example"),
    (config) => mailSettings.of(config).accounts,
  ],
  [
    "which addresses are the owner's",
    { self: { addresses: ["ada@home.example"] } },
    { self: { addresses: ["ada@home.example", "eve@evil.example"] } },
    ({ self }) => self.addresses,
  ],
  [
    "where a calendar's password goes",
    { calendar: { sources: [{ name: "work", caldav: "https://dav.example.org/", user: "ada", secret: "dav" }] } },
    { calendar: { sources: [{ name: "work", caldav: "https://evil.example/", user: "ada", secret: "dav" }] } },
    (config) => calendarSettings.of(config).sources,
  ],
  [
    "a calendar that was read only",
    { calendar: { sources: [{ name: "home", file: "home.ics", readOnly: true }] } },
    { calendar: { sources: [{ name: "home", file: "home.ics" }] } },
    (config) => calendarSettings.of(config).sources,
  ],
  [
    "where notifications go",
    { notify: { ntfy: { url: "https://ntfy.example.org", topic: "ada", secret: "ntfy" } } },
    { notify: { ntfy: { url: "https://evil.example", topic: "ada", secret: "ntfy" } } },
    (config) => notifySettings.of(config).ntfy,
  ],
  [
    "which network push services may be in",
    { notify: { webPush: { contact: "mailto:ada@example.org", hosts: [] } } },
    { notify: { webPush: { contact: "mailto:ada@example.org", hosts: ["10.0.0.1"] } } },
    (config) => notifySettings.of(config).webPush,
  ],
  ["whom to trust", { network: { caFile: "ca.pem" } }, { network: { caFile: "evil.pem" } }, ({ network }) => network],
  [
    "who can reach the daemon",
    { daemon: { hosts: ["mh.home"] } },
    {
      daemon: { bind: "0.0.0.0", hosts: ["mh.home", "evil.example"], tls: { cert: "c.pem", key: "k.pem" } },
    },
    ({ daemon: { bind, hosts, tls } }) => ({ bind, hosts, tls }),
  ],
  [
    "how sure is sure enough",
    { decision: { threshold: 0.8 } },
    { decision: { threshold: 0 } },
    ({ decision }) => decision,
  ],
  [
    "what an agent is told",
    { agents: { digest: { to: "ada@example.org" } } },
    { agents: { digest: { to: "evil@example.org" }, other: { url: "https://evil.example" } } },
    ({ agents }) => agents,
  ],
];

const state = (home: TestHost) => home.own<SettingsState>("config.show");
const byHand = (home: TestHost, settings: unknown) =>
  fs.writeFileSync(home.file("config.yaml"), `# ${Math.random()}\n${JSON.stringify(settings)}`);

test.each(guarded)("a hand edit does not change %s until it is adopted", async (_what, mine, theirs, of) => {
  await using home = await makeHost();
  await home.own("config.write", { text: JSON.stringify(mine) });
  const { inForce, pending } = await state(home);
  expect(pending).toEqual([]);
  byHand(home, theirs);
  for (const _again of ["in the same process", "after opening it again", "with an index made anew"]) {
    expect(of((await state(home)).inForce)).toEqual(of(inForce));
    fs.rmSync(home.file("memory/index"), { recursive: true });
    await home.reopen();
  }
  const after = await state(home);
  expect(after.pending.length).toBeGreaterThan(0);
  await home.own("config.adopt", { shown: after.pending });
  expect(of((await state(home)).inForce)).not.toEqual(of(inForce));
  expect((await state(home)).pending).toEqual([]);
});

test.each(guarded)("a hand edit sets nothing of %s where there was nothing", async (_what, _mine, theirs, of) => {
  await using home = await makeHost();
  const { inForce } = await state(home);
  byHand(home, theirs);
  expect(of((await state(home)).inForce)).toEqual(of(inForce));
});

test.each(guarded)("what is taken away by hand is gone at once: %s", async (_what, mine, _theirs, of) => {
  await using home = await makeHost();
  const { inForce } = await state(home);
  await home.own("config.write", { text: JSON.stringify(mine) });
  byHand(home, { decision: { threshold: 1 } });
  const after = await state(home);
  expect(of({ ...after.inForce, decision: inForce.decision })).toEqual(of(inForce));
  expect(after.pending).toEqual([]);
});

test("a command adopts what it changes, and nothing that was written by hand before", async () => {
  await using home = await makeHost();
  await home.own("config.write", { text: JSON.stringify(account("mail.example.org")) });
  byHand(home, account("evil.example"));
  await home.own("config.set", { name: "owner", value: "Ada L." });
  const { text } = await state(home);
  await home.own("config.write", { text: `${text}\n# seen in an editor\n` });
  await home.own("config.set", { name: "rate.commandsPerHour", value: 2000 });
  await home.own("history.undo");
  await home.own("history.redo");
  const { inForce, pending } = await state(home);
  expect([inForce.owner, inForce.rate.commandsPerHour]).toEqual(["Ada L.", 2000]);
  expect(mailSettings.of(inForce).accounts.map(({ imap }) => imap?.host)).toEqual(["mail.example.org"]);
  expect(pending.map(({ name }) => name)).toEqual(["mail.accounts.work"]);
});

test("a file that was broken by hand and is repaired through mh adopts nothing that came in meanwhile", async () => {
  await using home = await makeHost();
  fs.writeFileSync(home.file("config.yaml"), `${JSON.stringify(account("evil.example"))}\n  broken`);
  expect((await state(home)).broken).toMatch(/line/);
  await home.own("config.write", { text: JSON.stringify(account("evil.example")) });
  expect(mailSettings.of((await state(home)).inForce).accounts).toEqual([]);
});

test("a file that was changed by hand and then removed comes back without what was changed in force", async () => {
  await using home = await makeHost();
  byHand(home, account("evil.example"));
  await home.reopen();
  fs.rmSync(home.file("config.yaml"));
  await home.reopen();
  expect(await home.own("damage.restore")).toMatchObject({ documents: 1 });
  const { inForce, pending } = await state(home);
  expect([mailSettings.of(inForce).accounts, pending.length]).toEqual([[], 1]);
});

test("an approval counts for what was shown, not for what the file says by then", async () => {
  await using home = await makeHost();
  byHand(home, account("mail.example.org"));
  const { pending: shown } = await state(home);
  byHand(home, account("evil.example"));
  const late = await home.act("owner", "config.adopt", { shown });
  expect(late).toMatchObject({ status: "failed", fault: { code: "review.changed" } });
  expect(mailSettings.of((await state(home)).inForce).accounts).toEqual([]);
  home.rule("house.cedar", '@id("a")\npermit (principal, action == mh::Action::"fetch", resource);');
  const { pending: rules } = await home.own("policy.list", {});
  home.rule("house.cedar", '@id("a")\npermit (principal, action == mh::Action::"send", resource);');
  const widened = await home.act("owner", "policy.adopt", { shown: rules });
  expect(widened).toMatchObject({ status: "failed", fault: { code: "review.changed" } });
});

test("what a new home's file says when it is first opened is in force", async () => {
  await using home = await makeHost();
  await home.close();
  for (const gone of ["memory", "logs"]) fs.rmSync(home.file(gone), { recursive: true });
  fs.rmSync(home.file("../.config"), { recursive: true });
  fs.rmSync(home.file("home.json"));
  byHand(home, account("mail.example.org"));
  await using again = await makeHost({ root: home.root, environment: home.environment });
  expect(mailSettings.of((await state(again)).inForce).accounts).toHaveLength(1);
});

test("a home whose log knows of fewer guarded settings takes none of the others unasked", async () => {
  await using home = await makeHost();
  await home.own("config.write", { text: JSON.stringify(account("mail.example.org")) });
  await home.close();
  // As an object that was lost, or a record of an mh that guarded less.
  for (const name of fs.readdirSync(home.file("logs/objects"))) fs.rmSync(home.file(`logs/objects/${name}`));
  await home.reopen();
  const { inForce, pending } = await state(home);
  expect([mailSettings.of(inForce).accounts, pending.map(({ name }) => name)]).toEqual([[], ["mail.accounts.work"]]);
});

test.each([
  ["an alias that leads nowhere", "owner: *nobody\n"],
  ["aliases that multiply", `a: &a [1]\nb: [${Array(30).fill("*a").join(", ")}]\n`],
  ["a value that contains itself", "agents: { x: &a { b: *a } }\n"],
  ["a very deep one", `a: ${"[".repeat(50_000)}\n`],
])("settings with %s are named as broken, and the last good ones hold", async (_what, text) => {
  await using home = await makeHost();
  fs.writeFileSync(home.file("config.yaml"), text);
  await home.reopen();
  const { broken, inForce } = await state(home);
  expect([broken, inForce.owner]).toEqual([expect.stringMatching(/^config\.yaml line 1: /), "Ada"]);
});

test("values that JSON does not know break nothing", async () => {
  await using home = await makeHost();
  byHand(home, {});
  fs.writeFileSync(home.file("config.yaml"), 'agents: { x: { a: .nan, b: "\\ud800", c: -.inf } }\n');
  await home.reopen();
  expect((await state(home)).pending.map(({ name }) => name)).toEqual(["agents.x"]);
  await home.own("config.adopt");
  expect((await state(home)).inForce.agents).toEqual({ x: { a: null, b: "\uFFFD", c: null } });
});

import * as fs from "node:fs";
import * as path from "node:path";
import type { ValueFor } from "@mh/contract/contracts.ts";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { type HostOptions, makeHost, type TestHost } from "@mh/testing";
import { httpOf } from "@mh/testing/http-of.ts";
import { challengeFor, makeAuthenticator } from "./authenticator.ts";
import { calendarOf } from "./calendars.ts";
import type { Ready } from "./do-ready.ts";
import type { Place } from "./make-place.ts";
import { writePackage } from "./skill-package.ts";

/** A server for every URL: what is asked of the web only has to be answered. */
const feed = `<rss version="2.0"><channel><title>News</title></channel></rss>`;
const http = httpOf(({ url }) => {
  const bot = /\/bot\d+:[\w-]+\/\w+$/.test(url);
  const body = bot ? JSON.stringify({ ok: true, result: { id: 1, username: "bot", message_id: 7 } }) : feed;
  return { status: 200, headers: { "content-type": bot ? "application/json" : "text/xml" }, body: Buffer.from(body) };
});
const tidy = `export const agent = { name: "tidy", title: "Tidies", triggers: [], may: ["task.list"],
  ensures: ["task.list"], run: (agent) => agent.act("task.list", {}) };`;

/** The home that the set-ups are for. */
export const readyOptions: HostOptions = {
  ...{ http, agents: { tidy } },
  declared: new Map([["agent:mail", ["outbox.append", "plan.propose", "memory.capture"]]]),
};
export const makeReadyHome = (): Promise<TestHost> => makeHost(readyOptions);

/** The id of a command that was done. */
async function did(home: TestHost, skill: string): Promise<string> {
  const id = home.host.newId();
  await home.act(owner, skill, {}, { id });
  return id;
}

type SetUp = (home: TestHost, place: Place) => Ready | Promise<Ready>;

const mail = agent("mail");
const task = { id: "0199c1a2-0000-7000-8000-000000000001", words: "Write to Sarah" };
const steps = [{ skill: "outbox.append" }];
export const settings = [
  ...["owner: Ada", "timeZone: Europe/Berlin"],
  "notify: { desktop: false, ntfy: { url: https://ntfy.example, topic: ada } }",
  "telegram: { secret: bot }",
  "calendar: { sources: [{ name: mine, file: mine.ics }] }",
  "",
].join("\n");

const just =
  (args: Record<string, unknown>): SetUp =>
  () => ({ args });
const idOf = async (home: TestHost, skill: string, args: object): Promise<string> =>
  (await home.own<{ id: string }>(skill, args)).id;
const captured = (home: TestHost, text: string) => idOf(home, "memory.capture", { text });
const channel = "telegram" as const;
const aChat = { channel, bot: "1", chat: "2", sender: "2" };
const aCode = async (home: TestHost, name: string) => (await home.own("channel.pair", { channel, name })).code;

/** The id of a device that was paired. */
async function aPaired(home: TestHost, name: string): Promise<string> {
  const { sender, ...chat } = aChat;
  await home.own("channel.join", { ...chat, sender: `${sender}${name}`, code: await aCode(home, name) });
  const { devices } = await home.own("device.list", {});
  return devices.find((device) => device.name === name)?.id ?? "";
}

const aFact = async (home: TestHost, object: string) => ({
  ...{ does: { type: "fact", subject: "Sarah", predicate: "lives-in", object }, why: "It was said." },
  sources: [await captured(home, `Sarah lives in ${object}`)],
});
const aGoal = (name: string) => async (home: TestHost) => {
  await home.own("goal.add", { title: name });
  return { args: { goal: name } };
};
const aStanding = (who: string) => async (home: TestHost) => ({
  args: { id: await idOf(home, "standing.add", { text: `when ${who} writes, remind me of tea` }) },
});
const aTask = async (home: TestHost) => ({ args: { id: await idOf(home, "task.add", { title: "Call Sarah" }) } });

async function asked(home: TestHost, text: string): Promise<{ id: string; hash: string }> {
  const { id } = await home.act(mail, "outbox.append", { text });
  return { id, hash: (await home.own("approval.show", { id })).hash };
}

/** A line goes by hand while the home is closed. */
async function withoutLine(home: TestHost, text: string): Promise<Ready> {
  await captured(home, text);
  await home.close();
  const folder = home.file("memory/episodic");
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const file = path.join(folder, name);
    if (!fs.statSync(file).isFile()) continue;
    const lines = fs.readFileSync(file, "utf8").split("\n");
    fs.writeFileSync(file, lines.filter((line) => !line.includes(text)).join("\n"));
  }
  await home.reopen();
  return { args: {} };
}

const fetched = async (home: TestHost, name: string): Promise<ValueFor<"skill.fetch">> =>
  home.own("skill.fetch", { source: writePackage(path.dirname(home.root), { name }) });

async function waiting(home: TestHost, name: string): Promise<Ready> {
  writePackage(home.file("brain/skills"), { name });
  const { skill } = await home.own("skill.show", { name });
  return { args: { name, hash: skill.hash } };
}

const subscription = {
  endpoint: "https://push.example/1",
  keys: { p256dh: "A".repeat(87), auth: "A".repeat(22) },
};

/** How to do each acting skill's command once, in the order in which a single home can see all of them. */
export const setUps: Readonly<Record<string, SetUp>> = {
  "config.write": just({ text: settings }),
  "config.set": just({ name: "owner", value: "Ada L." }),
  "config.adopt": (home) => {
    const file = home.file("config.yaml");
    fs.writeFileSync(file, `${fs.readFileSync(file, "utf8")}rate: { commandsPerHour: 5000 }\n`);
    home.clock.forward(1000);
    return { args: {} };
  },
  "memory.capture": just({ text: "Tea with Sarah #tea" }),
  "memory.import": just({ source: "s", from: "f", items: [{ externalId: "1", content: "Cake" }] }),
  "memory.embed": just({}),
  "memory.archive": async (home) => ({ args: { ids: [await captured(home, "Coffee")] } }),
  "memory.unarchive": async (home) => {
    const ids = [await captured(home, "Coffee")];
    await home.own("memory.archive", { ids });
    return { args: { ids } };
  },
  "memory.edit": async (home) => ({ args: { id: await captured(home, "Coffee"), text: "Coffee with Tom" } }),
  "memory.learn": just({ title: "Make tea", text: "Boil water." }),
  "memory.prefer": just({ text: "No calls before ten" }),
  "proposal.make": async (home) => ({ args: await aFact(home, "Lisbon") }),
  "proposal.accept": async (home) => ({
    args: { ids: [await idOf(home, "proposal.make", await aFact(home, "Rome"))] },
  }),
  "proposal.dismiss": async (home) => ({
    args: { ids: [await idOf(home, "proposal.make", await aFact(home, "Oslo"))] },
  }),
  "audio.note": async (home) => ({
    args: {
      recording: {
        ...{ path: "/srv/a.wav", sha256: "0".repeat(64), bytes: 9, mediaType: "audio/wav", status: "done", tries: 0 },
      },
      text: "Hello Ada",
    },
    cause: await did(home, "audio.next"),
  }),
  "memory.file": async (home) => {
    fs.writeFileSync(home.file("mine.ics"), calendarOf());
    const place = "calendar:mine";
    const items = [{ externalId: "1", content: "Dentist" }];
    return { args: { source: place, origin: place, items, gone: [] }, cause: await did(home, "calendar.keep") };
  },
  "audio.ingest": (_home, place) => {
    const file = path.join(place.folder, "talk.wav");
    fs.writeFileSync(file, "RIFF0000WAVEfmt ");
    return { args: { path: file } };
  },
  "audio.next": just({}),
  "memory.consolidate": async (home) => {
    const items = [{ externalId: "2", content: "The same", at: "2026-01-01T00:00:00Z" }];
    for (const source of ["a", "b"]) await home.own("memory.import", { source, from: "f", items });
    return { args: {} };
  },
  "memory.vouch": async (home) => {
    const id = "01900000-0000-7000-8000-00000000000a";
    fs.writeFileSync(home.file("memory/preferences/by-hand.md"), `---\nid: ${id}\n---\n\nNo meat.\n`);
    await home.host.takeHandEdits();
    return { args: { ids: [id] } };
  },
  "memory.redate": async (home) => {
    home.clock.jump(3_600_000);
    await captured(home, "Told while the clock was ahead");
    home.clock.jump(-3_600_000);
    return { args: {} };
  },
  "memory.forget": async (home) => ({ args: { id: await captured(home, "A secret") } }),
  "import.preview": (_, place) => {
    fs.writeFileSync(place.at("note.md"), "# A note\n\nOf something.\n");
    return { args: { path: place.folder } };
  },
  "import.run": (_, place) => ({ args: { path: place.folder } }),
  "move.preview": (_, place) => ({ args: { program: "claude", path: place.folder } }),
  "move.run": (_, place) => {
    fs.writeFileSync(place.at("CLAUDE.md"), "Ask before you delete.\n");
    return { args: { program: "claude", path: place.folder } };
  },
  "self.export": (_, place) => ({ args: { path: place.at("self.zip") } }),
  "self.preview": async (home, place) => {
    const path = place.at("preview.zip");
    await home.own("self.export", { path });
    return { args: { path } };
  },
  "self.import": async (home, place) => {
    const path = place.at("import.zip");
    const { key } = await home.own("self.export", { path });
    return { args: { path, key } };
  },
  "self.take": just({
    files: [{ path: "out/files/taken.txt", data: "TWlsawo=", changedAt: "2026-03-02T09:00:00.000Z" }],
  }),
  "fact.add": async (home) => {
    await home.own("fact.add", { subject: "Sarah", predicate: "works-at", object: "Acme" });
    return { args: { subject: "Sarah", predicate: "works-at", object: "Lindau" } };
  },
  "fact.review": async (home) => {
    const id = await idOf(home, "fact.add", { subject: "Tom", predicate: "birthday", object: "4 May" });
    return { args: { id, status: "confirmed" } };
  },
  "relationship.relate": just({ a: "Sarah", b: "Tom", type: "knows" }),
  "task.add": just({ title: "Buy milk", due: "tomorrow" }),
  "task.edit": async (home) => ({ args: { ...(await aTask(home)).args, project: "ML" } }),
  "task.start": aTask,
  "task.finish": aTask,
  "task.drop": aTask,
  "task.reopen": async (home) => {
    const ready = await aTask(home);
    await home.own("task.drop", ready.args);
    return ready;
  },
  "persona.update": just({ section: "values", text: "Calm." }),
  "persona.import": just({ files: [{ name: "USER.md", text: "## Values\n\n- Calm" }] }),
  "persona.answer": just({ question: "values", text: "Calm" }),
  "goal.add": just({ title: "Ship it", horizon: "short", reason: "agreed" }),
  "goal.finish": aGoal("ship-it"),
  "goal.drop": aGoal("sell-it"),
  "goal.reopen": async (home) => {
    const ready = await aGoal("keep-it")(home);
    await home.own("goal.drop", ready.args);
    return ready;
  },
  "file.write": just({ path: "a.txt", text: "x" }),
  "file.remove": async (home) => {
    await home.own("file.write", { path: "b.txt", text: "y" });
    return { args: { path: "b.txt" } };
  },
  "history.undo": async (home) => {
    await captured(home, "To be undone");
    return { args: {} };
  },
  "history.undo-task": async (home) => {
    const task = { id: "to-be-undone", words: "note it" };
    await home.act(owner, "memory.capture", { text: "To be undone with its task" }, { task });
    return { args: { task: task.id } };
  },
  "history.redo": just({}),
  "snapshot.create": just({ name: "one" }),
  "snapshot.restore": just({ name: "one" }),
  "damage.restore": (home) => withoutLine(home, "Lost and found"),
  "damage.accept": (home) => withoutLine(home, "Lost for good"),
  "grant.give": just({ principal: mail, skill: "outbox.append" }),
  "grant.revoke": async (home) => ({
    args: { id: await idOf(home, "grant.give", { principal: mail, skill: "memory.capture" }) },
  }),
  "trust.set": just({ principal: "agent:other", level: "observe" }),
  "outbox.append": just({ text: "x" }),
  "approval.approve": async (home) => ({ args: await asked(home, "one") }),
  "approval.deny": async (home) => ({ args: { id: (await asked(home, "two")).id } }),
  "approval.again": async (home) => ({ args: { id: (await asked(home, "four")).id } }),
  "offer.decline": async (home) => ({ args: { id: (await asked(home, "three")).id } }),
  "grant.plan": just({ principal: mail, task: "0199c1a2-0000-7000-8000-000000000002", title: "Tea", steps }),
  "plan.propose": () => ({ args: { title: "Tea", steps }, as: mail, task }),
  "policy.write": just({
    ...{ name: "quiet.cedar", text: `forbid (principal == mh::Principal::"agent:x", action, resource);` },
  }),
  "policy.adopt": (home) => {
    home.rule("loose.cedar", `permit (principal == mh::Principal::"agent:y", action, resource);`);
    return { args: {} };
  },
  "policy.disable": (home) => {
    home.rule("lock.cedar", `forbid (principal == mh::Principal::"agent:z", action, resource);`);
    return { args: { file: "lock.cedar" } };
  },
  "decision.make": just({ situation: "Tea or coffee?", options: [{ name: "tea" }, { name: "coffee" }] }),
  "decision.answer": async (home) => {
    const options = [{ name: "tea" }, { name: "cake" }];
    return { args: { id: await idOf(home, "decision.make", { situation: "Tea or cake?", options }), option: "tea" } };
  },
  "decision.correct": async (home) => {
    const options = [{ name: "tea" }, { name: "cake" }];
    const id = await idOf(home, "decision.make", { situation: "Tea or cake?", options });
    return { args: { id, option: "tea", reason: "It is lighter" } };
  },
  "decision.forget": async (home) => ({
    args: { id: await idOf(home, "decision.make", { situation: "Tea?", options: [{ name: "tea" }] }) },
  }),
  "observe.shell": just({ preview: true }),
  "observe.git": just({ preview: true }),
  "observe.browser": just({ preview: true }),
  "observe.files": just({ preview: true }),
  "observe.forget": just({ source: "git" }),
  "decision.teach": just({ said: "no, tea instead, because coffee keeps me awake" }),
  "standing.add": just({ text: "when Sarah writes, remind me of tea" }),
  "standing.pause": aStanding("Tom"),
  "standing.resume": async (home) => {
    const ready = await aStanding("Eve")(home);
    await home.own("standing.pause", ready.args);
    return ready;
  },
  "standing.remove": aStanding("Ida"),
  "standing.look": just({}),
  "standing.match": async (home) => ({
    args: { until: 0, mail: [], memories: [], tasks: [], mails: [] },
    cause: await did(home, "standing.look"),
  }),
  "chat.start": just({ title: "Tea" }),
  "chat.rename": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}), title: "Cake" } }),
  "chat.pin": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}) } }),
  "chat.fork": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}) } }),
  "chat.forget": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}) } }),
  "chat.keep": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}), text: "Tea or cake?" } }),
  "chat.say": async (home) => ({ args: { chat: await idOf(home, "chat.start", {}), text: "Which tea?" } }),
  "chat.allow": just({}),
  "device.add": just({ name: "phone" }),
  "device.key": just({}),
  "device.subscribe": just({ device: "phone", subscription }),
  "device.unsubscribe": just({ device: "phone" }),
  "passkey.add": async (home) => {
    const { id: device } = await home.own("device.add", { name: "watch-2" });
    const response = makeAuthenticator().made(challengeFor(home, { for: "add", device }));
    return { args: { device: "watch-2", response } };
  },
  "passkey.use": async (home) => {
    const { id: device } = await home.own("device.add", { name: "watch-3" });
    const authenticator = makeAuthenticator();
    const response = authenticator.made(challengeFor(home, { for: "add", device }));
    await home.own("passkey.add", { device: "watch-3", response });
    return { args: { response: authenticator.answered(challengeFor(home, { for: "sign-in" })) } };
  },
  "passkey.remove": just({ device: "phone" }),
  "device.revoke": just({ device: "phone" }),
  "client.add": just({ name: "notebook" }),
  "client.revoke": just({ client: "notebook" }),
  "secret.move": just({ to: "keyfile" }),
  "secret.set": (home) => ({ args: { name: "ntfy", offer: offerSecret(home.root, home.environment, "tk_1").id } }),
  "channel.test": async (home) => {
    await home.own("secret.set", { name: "bot", offer: offerSecret(home.root, home.environment, "1:x").id });
    return { args: { channel } };
  },
  "channel.listen": just({ channel }),
  "channel.refuse": just({ channel, update: 1, reason: "unknown sender" }),
  "channel.press": just({ device: "phone", press: "d.AZ" }),
  "channel.pair": just({ channel, name: "watch" }),
  "channel.join": async (home) => ({ args: { ...aChat, code: await aCode(home, "tablet") } }),
  "channel.take": async (home) => ({
    args: { channel, device: await aPaired(home, "desk"), update: 2, what: "note", text: "Tea" },
  }),
  "channel.send": async (home) => ({
    ...{ args: { channel, device: await aPaired(home, "clock"), text: "Tea is ready" }, as: "module:telegram" },
  }),
  "secret.list": just({}),
  "secret.unlock": just({}),
  "secret.remove": just({ name: "ntfy" }),
  "notify.send": just({ title: "Tea", channel: "ntfy" }),
  "notify.flush": just({}),
  "calendar.keep": (home) => {
    fs.writeFileSync(home.file("mine.ics"), calendarOf());
    return { args: {} };
  },
  "calendar.read": (home) => {
    fs.writeFileSync(home.file("mine.ics"), calendarOf());
    return { args: {} };
  },
  "calendar.write": just({ title: "Tea", start: "tomorrow" }),
  "disk.write": (_, place) => ({ args: { path: place.at("new.txt"), text: "x" } }),
  "disk.list": (_, place) => ({ args: { path: place.folder } }),
  "disk.read": (_, place) => ({ args: { path: place.at("new.txt") } }),
  "llm.embed": just({ model: "use", texts: ["Tea?"] }),
  "llm.generate": just({ messages: [{ role: "user", text: "Tea?" }] }),
  "model.remove": async (home) => {
    await home.own("model.save", { name: "old", kind: "ollama", model: "m" });
    return { args: { name: "old" } };
  },
  "model.save": just({ name: "local", kind: "ollama", model: "qwen3:4b" }),
  "feed.read": just({ url: "https://example.org/feed" }),
  "web.fetch": just({ url: "https://example.org/" }),
  "shell.run": just({ argv: ["true"] }),
  "agent.allow": just({ name: "tidy" }),
  "agent.renew": just({ name: "tidy" }),
  "agent.pause": just({ name: "tidy" }),
  "agent.resume": just({ name: "tidy" }),
  "agent.stop": just({ name: "tidy" }),
  "agent.delegate": async (home) => {
    await home.own("agent.allow", { name: "tidy" });
    return { args: { agent: "tidy" } };
  },
  "skill.fetch": (home) => ({ args: { source: writePackage(path.dirname(home.root)) } }),
  "skill.add": async (home) => {
    const { stage, skill } = await fetched(home, "numbers");
    return { args: { stage, hash: skill.hash } };
  },
  "skill.allow": (home) => waiting(home, "waiting"),
  "skill.back": async (home) => {
    const source = writePackage(path.dirname(home.root), { name: "twice", mh: null });
    const { stage, skill } = await home.own("skill.fetch", { source });
    await home.own("skill.add", { stage, hash: skill.hash });
    fs.appendFileSync(home.file("brain/skills/twice/SKILL.md"), "\nMore.\n");
    const { hash } = (await home.own("skill.show", { name: "twice" })).skill;
    await home.own("skill.allow", { name: "twice", hash });
    return { args: { name: "twice" } };
  },
  "skill.remove": just({ name: "waiting" }),
  "journal.checkpoint": just({}),
  "journal.archive": just({ before: "2026-03-01" }),
  "object.discard": just({}),
  "kernel.stop": just({}),
  "kernel.resume": just({}),
};

/** What no test home can do, and how it says so: the servers that it needs are real ones, in `tests/fault`. */
export const unreachable: Readonly<Record<string, { args: Record<string, unknown>; code: string }>> = {
  "mail.read": { args: {}, code: "mail.failed" },
  "mail.draft": { args: { to: ["sarah@example.org"], subject: "Tea", body: "At four?" }, code: "mail.failed" },
  "mail.send": { args: { to: ["sarah@example.org"], subject: "Tea", body: "At four?" }, code: "mail.failed" },
  "mail.delete": { args: { uid: 1, uidValidity: "1" }, code: "mail.failed" },
  "mcp.look": { args: { server: "none" }, code: "skill.unknown" },
  "mcp.allow": { args: { stage: "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17", hash: "0".repeat(64) }, code: "skill.refused" },
  "mcp.remove": { args: { server: "none" }, code: "skill.unknown" },
  "mcp.find": { args: { words: "notes" }, code: "mcp.failed" },
  "mcp.entry": { args: { name: "io.github.somebody/notes" }, code: "mcp.failed" },
  "mcp.discover": { args: { server: "none" }, code: "skill.unknown" },
  "mcp.sign-in": {
    args: { server: "none", issuer: "https://auth.example", origins: ["https://auth.example"] },
    code: "skill.unknown",
  },
  "mcp.signed-in": { args: { stage: "019a5b2e-7c41-4d10-9a35-2f6d0c8e4b17" }, code: "mcp.failed" },
  "mcp.sign-out": { args: { server: "none" }, code: "mcp.failed" },
  "model.test": { args: { name: "none" }, code: "model.not-found" },
  "model.use": { args: { name: "other", kind: "ollama", model: "qwen3:4b" }, code: "model.failed" },
  "model.look": { args: { kind: "ollama" }, code: "model.failed" },
  "model.pull": { args: { model: "qwen3:4b" }, code: "model.failed" },
  // Nobody runs an agent under its name but the agent itself, when the scheduler says so.
  "agent.run": {
    args: { agent: "tidy", trigger: "owner", kind: "owner", slot: "1", attempt: 1, at: "2026-03-02T09:00:00Z" },
    code: "args.invalid",
  },
};

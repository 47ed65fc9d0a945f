import * as fs from "node:fs";
import * as path from "node:path";
import { agent, owner } from "@mh/contract/values/principal.ts";
import { Daemon } from "@mh/host/daemon/daemon.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { keyFolder } from "@mh/host/places.ts";
import { offerSecret } from "@mh/host/secrets/offer-secret.ts";
import { daemonLog } from "@mh/host/serve/http/daemon-log.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { endpoint } from "../endpoint.ts";
import { filesWith } from "../find-bytes.ts";

const passphrase = "correct hörse battery staple";
const value = "a value that nobody guesses";

const offer = (home: TestHost, text: string) => offerSecret(home.root, home.environment, text).id;
const keep = (home: TestHost, name: string, text = value) => home.own("secret.set", { name, offer: offer(home, text) });
const seal = (home: TestHost, text = passphrase) =>
  home.act(owner, "secret.move", { to: "passphrase", offer: offer(home, text) });
const sealed = (home: TestHost, name: string) =>
  path.join(keyFolder(home.host.home.id, home.environment), "sealed", name);
const code = (end: object) => (end as { fault?: { code: string } }).fault?.code ?? (end as { status: string }).status;

async function secretsFinding(home: TestHost) {
  const found = [];
  for await (const each of checkHome(home.root, home.environment)) if (each.what === "secrets") found.push(each);
  return found;
}

/** A home whose owner is told through an ntfy server that wants a token. */
async function withNtfy(home: TestHost, url: string, more: object = {}): Promise<void> {
  const notify = { desktop: false, ntfy: { url, topic: "ada", secret: "ntfy" } };
  await home.own("config.write", { text: JSON.stringify({ owner: "Ada", notify, ...more }) });
}

test("where no keychain works and nobody has chosen, a secret is refused and the value stands nowhere", async () => {
  await using home = await makeHost();
  expect(code(await home.act(owner, "secret.set", { name: "ntfy", offer: offer(home, value) }))).toBe(
    "secret.no-store",
  );
  expect(code(await home.act(owner, "secret.move", { to: "keychain" }))).toBe("secret.failed");
  expect(await home.own("secret.list", {})).toEqual({ names: [], store: null, locked: null });
  expect(filesWith(path.dirname(home.root), value)).toEqual([]);
  expect(await secretsFinding(home)).toMatchObject([{ level: "ok", message: expect.stringContaining("none yet") }]);
});

test("what a passphrase encrypts is locked without it, and a wrong one opens nothing", async () => {
  await using home = await makeHost();
  expect(code(await seal(home, "short"))).toBe("args.invalid");
  expect(code(await home.act(owner, "secret.move", { to: "passphrase" }))).toBe("secret.locked");
  expect(await seal(home)).toMatchObject({ status: "done", value: { store: "passphrase", moved: [] } });
  await keep(home, "ntfy");
  await home.reopen();
  const locked = { names: ["ntfy"], store: "passphrase", locked: expect.stringContaining("`mh secret unlock`") };
  expect(await home.own("secret.list", {})).toEqual(locked);
  expect(code(await home.act(owner, "secret.set", { name: "two", offer: offer(home, value) }))).toBe("secret.locked");
  expect(code(await home.act(owner, "secret.unlock", { offer: offer(home, `${passphrase}.`) }))).toBe("secret.locked");
  expect(await home.own("secret.list", {})).toEqual(locked);
  await home.own("secret.unlock", { offer: offer(home, passphrase.normalize("NFD")) });
  expect(await home.own("secret.list", {})).toEqual({ names: ["ntfy"], store: "passphrase", locked: null });
  await keep(home, "two");
  for (const text of [value, passphrase]) expect(filesWith(path.dirname(home.root), text)).toEqual([]);
  expect(await secretsFinding(home)).toMatchObject([{ level: "ok", message: expect.stringContaining("2 encrypted") }]);
});

test("a sealed secret that was changed, exchanged for another or cut is refused, and the others work", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await seal(home);
  for (const name of ["ntfy", "other"]) await keep(home, name, `${value} ${name}`.replaceAll(" ", "-"));
  await withNtfy(home, server.url, { secrets: { store: "passphrase" } });
  const file = sealed(home, "ntfy.sealed");
  const good = fs.readFileSync(file, "utf8");
  const flipped = good.replace(/("text":")(.)/, (_all, key, letter) => `${key}${letter === "A" ? "B" : "A"}`);
  for (const bad of [flipped, fs.readFileSync(sealed(home, "other.sealed"), "utf8"), good.slice(0, 40), "{}"]) {
    fs.writeFileSync(file, bad);
    expect(JSON.stringify(await home.act(owner, "notify.send", { title: "Hi" }))).toContain("changed or is damaged");
  }
  expect(server.received).toEqual([]);
  fs.writeFileSync(file, good);
  await home.own("notify.send", { title: "Hi" });
  expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
    `Bearer ${value.replaceAll(" ", "-")}-ntfy`,
  ]);
});

test("a daemon reads the passphrase from a file of the owner's alone, and without one says that secrets are locked", async () => {
  await using server = await endpoint();
  await using home = await makeHost();
  await seal(home);
  await keep(home, "ntfy", "tk_of-the-daemon");
  const file = path.join(path.dirname(home.root), "passphrase");
  fs.writeFileSync(file, `${passphrase}\n`, { mode: 0o644 });
  const daemon = { port: 0 };
  const settings = { daemon, secrets: { store: "passphrase", passphraseFile: file } };
  await withNtfy(home, server.url, settings);
  await home.close();
  const started = async (environment = home.environment) => {
    using log = daemonLog(home.root);
    await using daemon = await Daemon.start(home.root, { environment, log, version: "test" });
    const outcome = await daemon.host.act({ principal: owner, skill: "notify.send", args: { title: "Hi" } });
    return [daemon.report.secretsLocked, JSON.stringify(outcome)] as const;
  };
  const [why, refused] = await started();
  expect(why).toMatch(/can be read by others.*chmod 600/);
  expect(refused).toContain("can be read by others");
  expect(await secretsFinding(home)).toMatchObject([{ level: "bad" }]);
  fs.chmodSync(file, 0o600);
  expect((await started())[0]).toBeNull();
  fs.renameSync(file, path.join(path.dirname(home.root), "mh-passphrase"));
  expect((await started())[0]).toMatch(/is not there/);
  const handed = { ...home.environment, CREDENTIALS_DIRECTORY: path.dirname(home.root) };
  expect((await started(handed))[0]).toBeNull();
  expect(server.received).toHaveLength(2);
  expect(fs.readFileSync(path.join(home.root, "logs/run/daemon.ndjson"), "utf8")).toContain("can be read by others");
});

test("an argument that holds a secret is refused before it is written anywhere, by name and never by value", async () => {
  const mailer = agent("mailer");
  await using home = await makeHost({ declared: new Map([[mailer, ["outbox.append"]]]) });
  await home.own("secret.move", { to: "keyfile" });
  await keep(home, "bank");
  const forms = [value, `x${value}y`, Buffer.from(`ada:${value}`).toString("base64"), encodeURIComponent(value)];
  for (const text of forms) {
    const ends = [
      await home.act(owner, "memory.capture", { text }),
      await home.act(owner, "nothing.known", { deep: [{ [text]: 1 }] }),
      await home.act(mailer, "outbox.append", { text }),
      await home.act(mailer, "outbox.append", { text: "Hi" }, { task: { id: home.host.newId(), words: text } }),
    ];
    expect([text, ends.map(code)]).toEqual([text, ends.map(() => "secret.exposed")]);
    for (const end of ends) expect(JSON.stringify(end)).toMatch(/the secret bank stands in/);
    expect(JSON.stringify(ends)).not.toContain(text);
  }
  expect(() => home.host.check({ principal: owner, skill: "memory.capture", args: { text: value } })).toThrow("bank");
  expect(home.outbox()).toEqual([]);
  for (const text of [value, ...forms.slice(2)]) expect(filesWith(home.root, text)).toEqual([]);
  await home.reopen();
  expect(code(await home.act(owner, "memory.capture", { text: value }))).toBe("secret.exposed");
  await home.own("secret.remove", { name: "bank" });
  expect(code(await home.act(owner, "memory.capture", { text: value }))).toBe("done");
});

test("an action that was asked for before its text became a secret is not done when the approval comes", async () => {
  await using home = await makeHost({ declared: new Map([[agent("mailer"), ["outbox.append"]]]) });
  await home.own("secret.move", { to: "keyfile" });
  const parked = await home.act(agent("mailer"), "outbox.append", { text: value });
  expect(parked.status).toBe("parked");
  await keep(home, "bank");
  const { hash } = await home.own("approval.show", { id: parked.id });
  expect(code(await home.act(owner, "approval.approve", { id: parked.id, hash }))).toBe("secret.exposed");
  expect(home.outbox()).toEqual([]);
});

test("what others than the owner are given holds no secret; the owner's own data stays as it is", async () => {
  const reader = agent("reader");
  await using home = await makeHost({ declared: new Map([[reader, ["memory.search", "memory.list"]]]) });
  await home.own("secret.move", { to: "keyfile" });
  await home.own("memory.capture", { text: `The alarm code is ${value}` });
  for (const skill of ["memory.list"]) await home.own("grant.give", { principal: reader, skill });
  await keep(home, "alarm");
  const others = JSON.stringify(await home.act(reader, "memory.list"));
  expect([others.includes(value), others.includes("[secret alarm]")]).toEqual([false, true]);
  expect(JSON.stringify(await home.own("memory.list"))).toContain(value);
});

test("a setting changed by hand hides no secret: doctor names the other place, and a move brings it in", async () => {
  await using home = await makeHost();
  await home.own("secret.move", { to: "keyfile" });
  await keep(home, "ntfy");
  await home.own("config.set", { name: "secrets.store", value: "passphrase" });
  expect(await home.own("secret.list", {})).toMatchObject({ names: [], store: "passphrase" });
  expect(await secretsFinding(home)).toMatchObject([
    {},
    { level: "warn", message: expect.stringContaining("keyfile") },
  ]);
  expect(await seal(home)).toMatchObject({ status: "done", value: { moved: ["ntfy"], from: ["keyfile"] } });
  expect(filesWith(path.dirname(home.root), value)).toEqual([]);
  fs.chmodSync(sealed(home, "ntfy.sealed"), 0o644);
  expect(await secretsFinding(home)).toMatchObject([
    { level: "ok" },
    { level: "bad", next: expect.stringContaining("chmod") },
  ]);
});

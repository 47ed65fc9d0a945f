import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type HomeFileKind, homeFileKinds } from "@mh/core/model/home-files.ts";
import { nodeCrypto } from "@mh/host/adapters/node-crypto.ts";
import { AgentFiles } from "@mh/host/agents/agent-files.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { createBackup } from "@mh/host/backup/create.ts";
import { restoreBackup } from "@mh/host/backup/restore.ts";
import { openEnvelope, rewrap } from "@mh/host/encryption/envelope.ts";
import { encryptionOf, homeDisk } from "@mh/host/encryption/home-disk.ts";
import { encryptHome, lockHome, openFilesOf } from "@mh/host/encryption/switch-on.ts";
import { leaveKey } from "@mh/host/encryption/unlocked-key.ts";
import { checkHome } from "@mh/host/home/check-home.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import { promptFiles } from "@mh/host/models/prompts.ts";
import { agentFolders, readerIn } from "@mh/host/places.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { makeHost } from "@mh/testing";
import { expect, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { ageKeys } from "../support/age-keys.ts";
import { filesWith, fill, keysOf, makeEncryptedHome, passphrase, planted } from "../support/encrypted-home.ts";
import { filesBelow } from "../support/files-below.ts";
import { forget } from "../support/forget.ts";
import { locksOn } from "../support/locks-on.ts";
import { FaultyDisk } from "../support/simulation/disk.ts";

test("H21 of an encrypted home no file holds a planted word, open or closed, its log and its index neither", async () => {
  await using home = await makeEncryptedHome();
  const id = await fill(home);
  expect(filesWith(home.root, planted)).toEqual([]);
  expect(await home.own("memory.show", { id })).toMatchObject({
    memory: { content: expect.stringContaining("near Zanzibar") },
  });
  await home.close();
  expect(filesWith(home.root, planted)).toEqual([]);
  expect(openFilesOf(home.root)).toEqual([]);
  await home.reopen();
  const found = await home.own("memory.search", { q: "quokka Zanzibar" });
  expect(JSON.stringify(found)).toContain("near Zanzibar");
});

test("H21 of an encrypted home no name of a file or folder holds a planted word, of before or since", async () => {
  await using home = await makeHost();
  await fill(home);
  await home.own("file.write", { path: "quokka/zanzibar.txt", text: "Tea" });
  await home.close();
  fs.writeFileSync(home.file("memory/tasks/quokka.md"), "---\ntitle: Visit the quokka\n---\nIn Zanzibar.\n");
  const names = () =>
    fs.readdirSync(home.root, { recursive: true }).filter((name) => /quokka|zanzibar/i.test(`${name}`));
  expect(names().length).toBeGreaterThan(6);
  await encryptHome(home.root, home.environment, passphrase);
  expect(names()).toEqual([]);
  expect(openFilesOf(home.root)).toEqual([]);
  await home.reopen();
  const list = async () =>
    JSON.stringify([
      await home.own("task.list", {}),
      await home.own("fact.list", { about: "quokka" }),
      await home.own("snapshot.list", {}),
    ]);
  const before = await list();
  for (const said of ["Visit the quokka", "Call Zanzibar", "lives-in", 'quokka"']) expect(before).toContain(said);
  const { files } = homeDisk(home.root, home.environment);
  expect(files.list("out")).toContain("out/files/quokka/zanzibar.txt");
  expect(String(files.read("out/files/quokka/zanzibar.txt"))).toBe("Tea");
  expect(files.names("out/files/quokka")).toEqual([{ name: "zanzibar.txt", isFolder: false }]);
  await home.own("task.add", { title: "Feed the quokka again" });
  await home.own("fact.add", { subject: "Quokka", predicate: "likes", object: "leaves" });
  expect(names()).toEqual([]);
  // One that is put there by hand under its own name counts, and is written over under the sealed one.
  fs.writeFileSync(home.file("memory/tasks/quokka.md"), "---\ntitle: Visit two quokkas\n---\n");
  await home.close();
  await home.reopen();
  expect(await list()).toContain("Visit two quokkas");
  expect(openFilesOf(home.root)).toEqual(["memory/tasks/quokka.md"]);
  await home.close();
  lockHome(home.root, home.environment);
  expect(names()).toEqual([]);
  const keys = keysOf(home.root, home.environment);
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  const after = await list();
  for (const said of ["Visit two quokkas", "Feed the quokka again", "leaves"]) expect(after).toContain(said);
  expect(home.host.report.memories.handEdits).toEqual([]);
});

test("H21 a word that lies in a file of any kind is in none once the home is encrypted, nor in one that is put there before it is locked", async () => {
  await using home = await makeHost();
  await fill(home);
  await home.close();
  const isTold = ({ form, example }: HomeFileKind) =>
    form !== "database" &&
    !/^(home\.json|run\/daemon\.json|logs\/audit\/.*|memory\/README\.md|config\.yaml)$/.test(example);
  const put = () => {
    for (const { example } of homeFileKinds.filter(isTold)) {
      fs.mkdirSync(path.dirname(home.file(example)), { recursive: true });
      fs.writeFileSync(home.file(example), "The quokka hides in Zanzibar\n");
    }
  };
  put();
  fs.rmSync(home.file("run/upgrade"), { recursive: true });
  await encryptHome(home.root, home.environment, passphrase);
  expect(filesWith(home.root, planted)).toEqual([]);
  put();
  fs.rmSync(home.file("run/upgrade"), { recursive: true });
  // Of an encrypted home a process notes numbers there.
  fs.rmSync(home.file("run/summary.json"));
  lockHome(home.root, home.environment);
  expect(filesWith(home.root, planted)).toEqual([]);
});

test("H21 a part of the home that lies elsewhere, with a link in its place, is sealed too, and stands in a backup", async () => {
  await using home = await makeHost();
  await fill(home);
  await home.close();
  const elsewhere = home.file("../elsewhere");
  fs.mkdirSync(elsewhere);
  for (const part of ["memory", "config.yaml"]) {
    fs.renameSync(home.file(part), path.join(elsewhere, part));
    fs.symlinkSync(path.join(elsewhere, part), home.file(part));
  }
  const { to, by } = await ageKeys();
  await createBackup(home.root, home.environment, home.file("../mh.age"), to);
  await restoreBackup(home.file("../mh.age"), by, home.file("../again"), { HOME: home.file("../there") });
  expect(filesWith(home.file("../again"), planted).length).toBeGreaterThan(3);
  expect(filesWith(elsewhere, planted)).toContain("config.yaml");
  await encryptHome(home.root, home.environment, passphrase);
  await home.reopen();
  await home.own("memory.capture", { text: "Zanzibar once more" });
  expect(JSON.stringify(await home.own("memory.search", { q: "quokka" }))).toContain("quokka");
  await home.close();
  lockHome(home.root, home.environment);
  expect(filesWith(elsewhere, planted).filter((file) => file !== "config.yaml")).toEqual([]);
  expect(filesWith(home.root, planted)).toEqual([]);
});

test("H21 an encrypted home's own agents and prompts are sealed, and run", async () => {
  await using home = await makeHost();
  await home.close();
  const agentText =
    'export default defineAgent({ name: "mine", description: "Hides the quokka", skills: [], triggers: [], run() {} });';
  fs.mkdirSync(home.file("brain/agents"), { recursive: true });
  fs.mkdirSync(home.file("brain/prompts"), { recursive: true });
  fs.writeFileSync(home.file("brain/agents/mine.ts"), agentText);
  fs.writeFileSync(home.file("brain/prompts/chat.md"), "You hide the quokka.\n");
  await encryptHome(home.root, home.environment, passphrase);
  expect(filesWith(home.root, planted)).toEqual([]);
  const { files } = homeDisk(home.root, home.environment);
  expect(promptFiles({ root: home.root, files })("chat")).toBe("You hide the quokka.");
  const parts = { crypto: nodeCrypto, executor: sandboxExecutor() };
  const agents = new AgentFiles({ ...parts, folders: agentFolders(home.root), read: readerIn(home.root, files) });
  expect(agents.hashes().get("mine")).toBe(nodeCrypto.sha256Hex(agentText));
});

test("H21 the index made anew of an encrypted home knows what it knew", async () => {
  await using home = await makeEncryptedHome();
  const id = await fill(home);
  const before = await home.own("memory.list", { limit: 100 });
  await home.close();
  fs.rmSync(home.file("memory/index"), { recursive: true });
  await home.reopen();
  expect(home.host.report.memories.handEdits).toEqual([]);
  expect(home.host.report.memories.badLines).toEqual([]);
  expect(await home.own("memory.list", { limit: 100 })).toEqual(before);
  expect(await home.own("memory.show", { id })).toMatchObject({ memory: { rev: 2 } });
});

test("H21 a locked home is refused, and opens by its passphrase alone", async () => {
  await using home = await makeEncryptedHome();
  await fill(home);
  await home.close();
  lockHome(home.root, home.environment);
  await expect(home.reopen()).rejects.toMatchObject({ code: "home.locked" });
  await expect(Array.fromAsync(checkHome(home.root, home.environment))).rejects.toMatchObject({ code: "home.locked" });
  expect(() => inspect(home.root, home.environment).latest(1)).toThrow(/is locked/);
  const keys = keysOf(home.root, home.environment);
  await expect(openEnvelope(keys, "correct horse staple")).rejects.toMatchObject({ code: "home.locked" });
  // A key that is not the one opens nothing.
  leaveKey(keys, home.environment, new Uint8Array(32).fill(7));
  await expect(home.reopen()).rejects.toMatchObject({ code: "home.locked" });
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
  await home.reopen();
  expect((await home.own("memory.list", { limit: 100 })).memories.length).toBeGreaterThan(2);
});

test("H21 the key is found and taken away wherever it was left, with a session or without, and what a crash left of it", async () => {
  await using home = await makeEncryptedHome();
  await home.close();
  const keys = keysOf(home.root, home.environment);
  const session = home.file("../session");
  fs.mkdirSync(session);
  const atDesk = { ...home.environment, XDG_RUNTIME_DIR: session };
  // Left beside the keys by a process that knew of no session.
  expect(encryptionOf(home.root, atDesk).state).toBe("unlocked");
  fs.writeFileSync(`${keys}/unlocked.key~4711`, fs.readFileSync(`${keys}/unlocked.key`));
  lockHome(home.root, atDesk);
  expect(fs.readdirSync(keys).filter((name) => name.startsWith("unlocked"))).toEqual([]);
  const dataKey = await openEnvelope(keys, passphrase);
  leaveKey(keys, home.environment, dataKey);
  leaveKey(keys, atDesk, dataKey);
  expect(fs.readdirSync(keys).filter((name) => name.startsWith("unlocked"))).toEqual([]);
  expect(filesBelow(session)).toHaveLength(1);
  lockHome(home.root, atDesk);
  expect(filesBelow(session)).toEqual([]);
});

test.skipIf(process.platform !== "linux")(
  "H21 a host that looks how its encrypted home lies keeps the locks of its databases",
  async () => {
    await using home = await makeEncryptedHome();
    const files = ["run/writer.db", "memory/index/index.db"].map((file) => home.file(file));
    const before = files.map(locksOn);
    expect(Math.min(...before)).toBeGreaterThan(0);
    await home.own("home.check", {});
    expect(files.map(locksOn)).toEqual(before);
  },
);

test("H21 a home that lost either sign of being encrypted is never written in the clear", async () => {
  await using home = await makeEncryptedHome();
  await home.close();
  lockHome(home.root, home.environment);
  const sign = fs.readFileSync(home.file("home.json"), "utf8");
  fs.writeFileSync(home.file("home.json"), sign.replace(/,\s*"encrypted": true/, ""));
  await expect(home.reopen()).rejects.toMatchObject({ code: "home.locked" });
  fs.writeFileSync(home.file("home.json"), sign);
  const envelope = `${keysOf(home.root, home.environment)}/home-key.json`;
  const kept = fs.readFileSync(envelope);
  fs.rmSync(envelope);
  await expect(home.reopen()).rejects.toMatchObject({ code: "home.locked" });
  fs.writeFileSync(envelope, kept);
  const keys = keysOf(home.root, home.environment);
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
  await home.reopen();
});

test("H21 another passphrase writes nothing of the home anew, and the old one opens it no more", async () => {
  await using home = await makeEncryptedHome();
  const id = await fill(home);
  await home.close();
  const before = new Map(filesBelow(home.root).map((file) => [file, fs.readFileSync(file, "latin1")]));
  const keys = keysOf(home.root, home.environment);
  await expect(rewrap(keys, "another one", "new passphrase")).rejects.toMatchObject({ code: "home.locked" });
  await expect(rewrap(keys, passphrase, "short")).rejects.toMatchObject({ code: "args.invalid" });
  await rewrap(keys, passphrase, "new passphrase");
  expect(new Map(filesBelow(home.root).map((file) => [file, fs.readFileSync(file, "latin1")]))).toEqual(before);
  lockHome(home.root, home.environment);
  await expect(openEnvelope(keys, passphrase)).rejects.toMatchObject({ code: "home.locked" });
  leaveKey(keys, home.environment, await openEnvelope(keys, "new passphrase"));
  await home.reopen();
  expect(await home.own("memory.show", { id })).toBeDefined();
});

test("R-2 encrypting that the disk ends says that nothing was written where that is so, and else that the home is encrypted, and goes on", async () => {
  const told = new Set<string>();
  // The envelope, the key and the sign are the first calls; then come all files.
  for (let after = 0; ; after += after < 16 ? 1 : 20) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-encrypting-"));
    const [root, environment] = [path.join(folder, "home"), { HOME: folder }];
    createHome(root, environment, { owner: "Ada", timeZone: "UTC" });
    let failed: Error | undefined;
    {
      using disk = new FaultyDisk(folder, diceFrom(after), []);
      disk.plan([{ after, code: "ENOSPC", when: "before", calls: 1000 }], undefined);
      failed = await encryptHome(root, environment, passphrase).then(
        () => undefined,
        (error: Error) => error,
      );
    }
    const isOff = encryptionOf(root, environment).state === "off";
    if (failed) {
      told.add(isOff ? "nothing" : "begun");
      expect([after, failed.message]).toEqual([after, expect.stringMatching(isOff ? /Nothing was written/ : begun)]);
      if (!isOff) expect(failed.message).not.toMatch(/Nothing was written/);
    }
    await encryptHome(root, environment, passphrase);
    expect(openFilesOf(root)).toEqual([]);
    fs.rmSync(folder, { recursive: true });
    if (!failed) break;
  }
  expect([...told]).toEqual(["nothing", "begun"]);
});

const begun = /is encrypted, and opens by this passphrase.*`mh encrypt` goes on/;

test("H21 what is put there by hand reads as it is, is named, and sealed when the home is locked", async () => {
  await using home = await makeEncryptedHome();
  await fill(home);
  await home.close();
  fs.writeFileSync(home.file("memory/tasks/by-hand.md"), "---\ntitle: Visit the quokka\n---\nIn Zanzibar.\n");
  await home.reopen();
  expect(JSON.stringify(await home.own("task.list", {}))).toContain("Visit the quokka");
  expect(openFilesOf(home.root)).toEqual(["memory/tasks/by-hand.md"]);
  await home.close();
  lockHome(home.root, home.environment);
  expect(filesWith(home.root, planted)).toEqual([]);
  const keys = keysOf(home.root, home.environment);
  leaveKey(keys, home.environment, await openEnvelope(keys, passphrase));
  await home.reopen();
  expect(JSON.stringify(await home.own("task.list", {}))).toContain("Visit the quokka");
});

test("H21 a torn last line of an encrypted home is set aside, and a sealed file that was changed breaks nothing else", async () => {
  await using home = await makeEncryptedHome();
  const id = await fill(home);
  await home.close();
  const [day = ""] = filesBelow(home.file("memory/episodic"));
  fs.appendFileSync(day, "~1 AAAA");
  const [task = ""] = filesBelow(home.file("memory/tasks"));
  const bytes = fs.readFileSync(task);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  fs.writeFileSync(task, bytes);
  await home.reopen();
  expect(home.host.report.torn).toMatchObject([{ bytes: 7 }]);
  expect(await home.own("memory.show", { id })).toMatchObject({ memory: { rev: 2 } });
  expect(JSON.stringify(await home.own("task.list", {}))).toContain("Call Zanzibar");
});

test("H21 a sealed file stands for no other", async () => {
  await using home = await makeEncryptedHome();
  const { files } = homeDisk(home.root, home.environment);
  files.replace("persona/a.md", Buffer.from("one"));
  fs.copyFileSync(home.file("persona/a.md"), home.file("persona/b.md"));
  expect(Buffer.from(files.read("persona/a.md") ?? "").toString()).toBe("one");
  expect(Buffer.from(files.read("persona/b.md") ?? "").toString()).not.toContain("one");
});

test("H21 forgetting in an encrypted home is proven on what its files say", async () => {
  await using home = await makeEncryptedHome();
  const { id } = await home.own("memory.capture", { text: "The safe behind the Turner opens with 4711 and a kick" });
  await forget(home, id);
  expect(await home.own("memory.traces", { id })).toMatchObject({ canTell: "yes", traces: [], unread: [] });
  const { files } = homeDisk(home.root, home.environment);
  files.replace("out/copy.txt", Buffer.from("The safe behind the Turner opens with 4711 and a kick"));
  expect((await home.own("memory.traces", { id })).traces).toMatchObject([{ path: "out/copy.txt" }]);
  // However large it is; and what cannot be looked into is named.
  files.remove("out/copy.txt");
  const large = Buffer.concat([
    Buffer.alloc(65 * 2 ** 20),
    Buffer.from("behind the Turner opens with 4711 and a kick"),
  ]);
  files.replace("out/large.bin", large);
  files.replace("run/upgrade/before/config.yaml", Buffer.from("x"));
  expect(await home.own("memory.traces", { id })).toMatchObject({
    traces: [{ path: "out/large.bin" }],
    unread: ["run/upgrade/before/config.yaml"],
  });
});

test("H21 whatever kind of file a home holds, it is said how it lies when the home is encrypted", () => {
  const open = homeFileKinds.filter(({ atRest }) => atRest === "open").map(({ name }) => name);
  expect(open).toEqual([
    "a page about a folder",
    "what a process tells others of itself",
    "a summary of what a process saw",
    "the home's own name",
  ]);
});

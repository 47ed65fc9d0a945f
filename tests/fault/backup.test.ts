// Backups by the built program, and by the age that Debian ships: each opens what the other made.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterEach, expect, test } from "vitest";
import { filesWith, filesWithNames } from "../support/encrypted-home.ts";
import { type Mh, makeMh } from "./mh.ts";

const passphrase = "correct horse battery";
const homes: Mh[] = [];
afterEach(() => {
  for (const mh of homes.splice(0)) mh[Symbol.dispose]();
});

function filled(more: string[] = []): { mh: Mh; folder: string } {
  const mh = makeMh();
  homes.push(mh);
  done(mh, ["init", "--yes", ...more], `${passphrase}\n`);
  done(mh, ["capture", "Sarah hides the quokka in Zanzibar"]);
  done(mh, ["task", "add", "Call Zanzibar"]);
  return { mh, folder: path.dirname(mh.root) };
}

const done = (mh: Mh, args: readonly string[], input = "") => {
  const ended = mh.run(args, { input });
  expect({ args, ...ended }).toMatchObject({ code: 0 });
  return ended.out;
};

const restored = (mh: Mh, folder: string, file: string, more: string[] = [], input = `${passphrase}\n`) =>
  mh.run(["--home", path.join(folder, "again"), "backup", "restore", file, "--yes", ...more], { input });

/** Another machine: nothing of this one's config folder. */
function elsewhere(root: string): Mh {
  const mh = makeMh(root);
  homes.push(mh);
  return mh;
}

test("H21 a backup is restored on another machine: memories, log and keys, and no word of it can be read on the way", () => {
  const { mh, folder } = filled();
  const file = path.join(folder, "mh.age");
  done(mh, ["backup", "create", file], "another passphrase\n");
  expect(fs.readFileSync(file, "latin1").slice(0, 21)).toBe("age-encryption.org/v1");
  expect(filesWith(folder, ["quokka"]).filter((each) => !each.startsWith("home/"))).toEqual([]);
  expect(done(mh, ["backup", "show", file], "another passphrase\n")).toContain("adds up");
  const there = elsewhere(path.join(folder, "there"));
  expect(there.run(["backup", "restore", file, "--yes"], { input: `${passphrase}\n` }).code).toBe(1);
  done(there, ["backup", "restore", file, "--yes"], "another passphrase\n");
  expect(done(there, ["search", "quokka"])).toContain("Zanzibar");
  expect(done(there, ["task", "list"])).toContain("Call Zanzibar");
  expect(done(there, ["audit", "verify"])).toContain("Nothing was touched");
  done(there, ["capture", "And more"]);
  expect(filesWithNames(folder, [".tmp", "mh-restore-"])).toEqual([]);
});

test("H21 a backup of an encrypted home is one on the other machine, too, and is made while it is locked", () => {
  const { mh, folder } = filled(["--encrypt"]);
  done(mh, ["lock"]);
  const file = path.join(folder, "mh.age");
  done(mh, ["backup", "create", file], "another passphrase\n");
  const there = elsewhere(path.join(folder, "there"));
  done(there, ["backup", "restore", file, "--yes"], "another passphrase\n");
  expect(there.run(["search", "quokka"]).code).toBe(6);
  expect(filesWith(there.root, ["quokka"])).toEqual([]);
  done(there, ["unlock"], `${passphrase}\n`);
  expect(done(there, ["search", "quokka"])).toContain("Zanzibar");
});

test("H21 a backup that was cut, changed or is none is refused, and leaves no home behind", () => {
  const { mh, folder } = filled();
  const file = path.join(folder, "mh.age");
  done(mh, ["backup", "create", file], `${passphrase}\n`);
  const whole = fs.readFileSync(file);
  const changed = Buffer.from(whole);
  changed[whole.length - 40] = (changed[whole.length - 40] ?? 0) ^ 1;
  const broken = {
    cut: whole.subarray(0, whole.length - 100),
    changed,
    none: Buffer.from("Not a backup at all, and long enough"),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const at = path.join(folder, `${name}.age`);
    fs.writeFileSync(at, bytes);
    const { code, err } = restored(mh, folder, at);
    expect({ name, code, err }).toMatchObject({ name, code: 1, err: expect.stringContaining("mh: ") });
    expect(filesWithNames(folder, ["again"])).toEqual([]);
  }
  expect(mh.run(["backup", "create", file], { input: `${passphrase}\n` }).code).toBe(2);
  expect(fs.readFileSync(file).equals(whole)).toBe(true);
  // Where a home is, none is made.
  expect(mh.run(["backup", "restore", file, "--yes"], { input: `${passphrase}\n` }).code).toBe(1);
  expect(mh.run(["backup", "create", path.join(folder, "x.age"), "--to", "age1nobody"]).code).toBe(2);
});

test("H21 what mh seals for a recipient, Debian's age opens, and mh opens what that sealed", () => {
  const { mh, folder } = filled();
  const at = (name: string) => path.join(folder, name);
  const age = (program: string, args: string[], input?: Buffer) => {
    const ended = spawnSync(program, args, { input, maxBuffer: 2 ** 28 });
    expect({ program, args, err: String(ended.stderr), code: ended.status }).toMatchObject({ code: 0 });
    return ended.stdout;
  };
  age("age-keygen", ["-o", at("key.txt")]);
  const recipient = /age1\w+/.exec(fs.readFileSync(at("key.txt"), "utf8"))?.[0] ?? "";
  done(mh, ["backup", "create", at("mh.age"), "--to", recipient]);
  const opened = age("age", ["-d", "-i", at("key.txt"), at("mh.age")]);
  const names = String(age("tar", ["tz"], opened)).split("\n");
  expect(names[0]).toBe("mh-backup.json");
  expect(names).toContain("home/home.json");
  expect(names).toContain("keys/signing.key");
  expect(names.filter((name) => /index\.db|writer\.db|unlocked\.key/.test(name))).toEqual([]);
  age("age", ["-r", recipient, "-o", at("theirs.age")], opened);
  const there = elsewhere(at("there"));
  done(there, ["backup", "restore", at("theirs.age"), "--yes", "--identity", at("key.txt")]);
  expect(done(there, ["search", "quokka"])).toContain("Zanzibar");
});

test("H21 an archive with a path that leads elsewhere, an unlocked key or another home writes nothing", () => {
  const { mh, folder } = filled();
  const at = (name: string) => path.join(folder, name);
  spawnSync("age-keygen", ["-o", at("key.txt")]);
  const recipient = /age1\w+/.exec(fs.readFileSync(at("key.txt"), "utf8"))?.[0] ?? "";
  fs.mkdirSync(at("evil/home"), { recursive: true });
  fs.writeFileSync(at("evil/home/x"), "x");
  fs.symlinkSync("/etc/passwd", at("evil/home/link"));
  const facts = { v: 1, home: "019a5b2e-7c41-7d10-9a35-2f6d0c8e4b17", at: "", mh: "0", files: 1, bytes: 1 };
  fs.writeFileSync(at("evil/mh-backup.json"), JSON.stringify(facts));
  fs.copyFileSync(path.join(mh.root, "home.json"), at("evil/home/home.json"));
  const refused = "no backup of mh's does";
  for (const [name, member, transform, said] of [
    ["up", "home/x", "s,home/x,home/../../../escaped,", refused],
    ["absolute", "home/x", "s,home/x,/tmp/escaped-by-mh,", refused],
    ["link", "home/link", "s,home/x,home/y,", refused],
    ["unlocked", "home/x", "s,home/x,keys/Unlocked.key,", refused],
    ["other", "home/home.json", "s,home/x,home/y,", "another home"],
    ["none", "home/x", "s,home/x,home/y,", "another home"],
  ] as const) {
    const args = ["-czPf", at(`${name}.tgz`), "-C", at("evil"), "mh-backup.json", "--transform", transform, member];
    expect(spawnSync("tar", args).status).toBe(0);
    expect(spawnSync("age", ["-r", recipient, "-o", at(`${name}.age`), at(`${name}.tgz`)]).status).toBe(0);
    const { code, err } = restored(mh, folder, at(`${name}.age`), ["--identity", at("key.txt")]);
    expect({ name, code, err }).toMatchObject({
      name,
      code: 1,
      err: expect.stringContaining(said),
    });
  }
  expect(filesWithNames(folder, ["escaped", "again"])).toEqual([]);
  expect(fs.existsSync("/tmp/escaped-by-mh")).toBe(false);
});

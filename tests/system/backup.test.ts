import * as fs from "node:fs";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { createBackup } from "@mh/host/backup/create.ts";
import type { BackupProgress } from "@mh/host/backup/facts.ts";
import { previewBackup, restoreBackup } from "@mh/host/backup/restore.ts";
import { encryptHome } from "@mh/host/encryption/switch-on.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, onTestFinished, test, vi } from "vitest";
import { ageKeys } from "../support/age-keys.ts";
import { keysOf, passphrase } from "../support/encrypted-home.ts";
import { filesBelow } from "../support/files-below.ts";
import { makePlace } from "../support/make-place.ts";

const { to, by } = await ageKeys();

type At = Parameters<BackupProgress>[0];

async function closed(): Promise<TestHost> {
  const home = await makeHost();
  await home.own("memory.capture", { text: "Sarah hides the quokka in Zanzibar" });
  await home.close();
  return home;
}

const contents = (folder: string) =>
  filesBelow(folder).map((file) => [path.relative(folder, file), fs.readFileSync(file, "latin1")]);

test("H21 a backup of a home whose last record a crash cut off is restored", async () => {
  using place = makePlace();
  await using home = await closed();
  const [day = ""] = filesBelow(home.file("logs/audit"));
  fs.appendFileSync(day, '{"v":1,"seq":');
  await createBackup(home.root, home.environment, place.at("mh.age"), to);
  fs.rmSync(home.root, { recursive: true });
  const { records } = await restoreBackup(place.at("mh.age"), by, place.at("again"), home.environment);
  expect(records).toBeGreaterThan(2);
  await using again = await makeHost({ root: place.at("again"), environment: home.environment });
  expect(JSON.stringify(await again.own("memory.list", { limit: 10 }))).toContain("Zanzibar");
});

test("H21 a backup brings no key to a home that has others, nor an envelope to one that is in the clear", async () => {
  using place = makePlace();
  await using home = await closed();
  const keys = keysOf(home.root, home.environment);
  const before = contents(keys);
  // The same home by its id, with keys of somebody else: one envelope, and then no key beside it.
  const theirs = { HOME: place.at("theirs") };
  fs.cpSync(home.root, place.at("copy"), { recursive: true });
  fs.cpSync(keys, keysOf(place.at("copy"), theirs), { recursive: true });
  await encryptHome(place.at("copy"), theirs, passphrase);
  for (const name of ["signing.key", "hmac.key"]) {
    fs.rmSync(path.join(keysOf(place.at("copy"), theirs), name));
    await createBackup(place.at("copy"), theirs, place.at(`${name}.age`), to);
    const restoring = restoreBackup(place.at(`${name}.age`), by, place.at("again"), home.environment);
    await expect(restoring).rejects.toMatchObject({ code: "backup.refused" });
    expect(contents(keys)).toEqual(before);
    expect(fs.existsSync(place.at("again"))).toBe(false);
  }
});

test("H21 what one that was killed left is gone after the next, and a folder that was filled meanwhile stays", async () => {
  using place = makePlace();
  await using home = await closed();
  await createBackup(home.root, home.environment, place.at("mh.age"), to);
  fs.mkdirSync(place.at(".again.mh-restore-4711/keys"), { recursive: true });
  fs.mkdirSync(place.at("again"));
  const restoring = restoreBackup(place.at("mh.age"), by, place.at("again"), home.environment);
  fs.writeFileSync(place.at("again/mine"), "mine");
  await expect(restoring).rejects.toMatchObject({ code: "disk.failed" });
  expect(contents(place.at("again"))).toEqual([["mine", "mine"]]);
  expect(fs.readdirSync(place.folder).sort()).toEqual(["again", "mh.age"]);
});

test("H21 a preview lays out no memory and no key, and leaves nothing", async () => {
  using place = makePlace();
  await using home = await closed();
  await createBackup(home.root, home.environment, place.at("mh.age"), to);
  vi.stubEnv("TMPDIR", place.folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const laidOut = () => filesBelow(place.folder).map((file) => path.relative(place.folder, file));
  const named = (file: string) => file.replace(/^mh-backup-\w+\//, "").replace(/(logs\/audit)\/.*/, "$1");
  const seen = new Set<string>();
  let isOver = false;
  const previewed = previewBackup(place.at("mh.age"), by, home.environment).finally(() => {
    isOver = true;
  });
  for (; !isOver; await setImmediate()) for (const file of laidOut()) seen.add(named(file));
  expect((await previewed).records).toBeGreaterThan(2);
  expect([...seen].sort()).toEqual(["home/home.json", "home/logs/audit", "mh.age"]);
  expect(laidOut()).toEqual(["mh.age"]);
});

test("H21 a backup says how far it is, and a restore too", async () => {
  using place = makePlace();
  await using home = await closed();
  const said = { packing: [] as At[], restoring: [] as At[] };
  const { files } = await createBackup(home.root, home.environment, place.at("mh.age"), to, (at) => {
    said.packing.push(at);
  });
  await restoreBackup(place.at("mh.age"), by, place.at("again"), { HOME: place.at("there") }, (at) => {
    said.restoring.push(at);
  });
  for (const each of Object.values(said)) {
    expect(each).toEqual([...each].sort((a, b) => a.fraction - b.fraction || a.count - b.count));
    expect(each.at(-1)).toEqual({ fraction: 1, count: files });
  }
});

test("H21 of a home whose log does not add up no backup is made: nothing would restore it", async () => {
  using place = makePlace();
  await using home = await closed();
  const [day = ""] = filesBelow(home.file("logs/audit"));
  fs.writeFileSync(day, fs.readFileSync(day, "utf8").replace("memory.capture", "memory.forgets"));
  const making = createBackup(home.root, home.environment, place.at("mh.age"), to);
  await expect(making).rejects.toMatchObject({ code: "journal.damaged" });
  expect(fs.readdirSync(place.folder)).toEqual([]);
});

test("H21 no backup is made without the keys", async () => {
  using place = makePlace();
  await using home = await closed();
  const keys = keysOf(home.root, home.environment);
  fs.renameSync(keys, place.at("keys"));
  const making = createBackup(home.root, home.environment, place.at("mh.age"), to);
  await expect(making).rejects.toMatchObject({ code: "keys.missing" });
  expect(fs.readdirSync(place.folder)).toEqual(["keys"]);
});

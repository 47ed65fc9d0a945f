import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Principal } from "@mh/contract/values/principal.ts";
import type { Outcome } from "@mh/contract/wire/command.ts";
import { encryptHome } from "@mh/host/encryption/switch-on.ts";
import { createHome } from "@mh/host/home/home-file.ts";
import { lookAtLog } from "@mh/host/home/repair-log.ts";
import { makeHost, type TestClock, type TestHost, testClock } from "@mh/testing";
import { type Dice, diceFrom } from "../../fuzz/dice.ts";
import { HomeChecker } from "../check-home.ts";
import { closeQuietly, withoutWarnings } from "./close-quietly.ts";
import { type Event, type Given, type HandEdit, learn, nextCommand, stateOf } from "./commands.ts";
import { type End, FaultyDisk, type Trouble } from "./disk.ts";
import { editNote, editPersona } from "./edit-by-hand.ts";
import { type Before, look } from "./look.ts";
import { type Known, nothingKnown } from "./planned.ts";

const commandsPerRun = 10;
const encryptedShare = 0.2;
/** Looked at by `mh doctor` as well. */
const examinedShare = 0.1;
/** Agents whose first use of a skill has to be approved. */
const declared = new Map(
  Array.from({ length: 20 }, (_, n): [Principal, string[]] => [`agent:b${n}`, ["memory.capture"]]),
);
/** What ten commands come to, about. */
const callsPerRun = 130;

/** What was told is not what is there; with all that happened. */
export class Wrong extends Error {
  override name = "Wrong";
}

export interface Simulator extends Disposable {
  /** Ten commands on a disk that fails, a crash, and a look at what is there. Gives what happened; throws `Wrong`. */
  run(seed: number): Promise<string[]>;
}

export async function makeSimulator(): Promise<Simulator> {
  const plain = await makeBase(false);
  const encrypted = await makeBase(true);
  const checker = new HomeChecker();
  return {
    async run(seed) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-sim-"));
      const dice = diceFrom(seed);
      const { folder: base, before } = dice.chance(encryptedShare) ? encrypted : plain;
      copyFolder(base, folder);
      const story: string[] = [];
      try {
        await withoutWarnings(() => runIn(folder, { dice, before, checker, story }));
        return story;
      } catch (error) {
        throw new Wrong([`${error}`, ...story].join("\n"), { cause: error });
      } finally {
        for (const each of [folder, outboxOf(folder)]) fs.rmSync(each, { recursive: true, force: true });
      }
    },
    [Symbol.dispose]() {
      checker[Symbol.dispose]();
      for (const { folder } of [plain, encrypted]) fs.rmSync(folder, { recursive: true });
    },
  };
}

/** Copying gives files their modes, and folders those of a new one. */
function copyFolder(from: string, to: string): void {
  fs.cpSync(from, to, { recursive: true, preserveTimestamps: true });
  for (const entry of fs.readdirSync(to, { recursive: true, withFileTypes: true }))
    if (entry.isDirectory()) fs.chmodSync(path.join(entry.parentPath, entry.name), 0o700);
}

/** A home with a few things in it. */
async function makeBase(isEncrypted: boolean): Promise<{ folder: string; before: Before }> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "mh-sim-base-"));
  if (isEncrypted) {
    const [root, environment] = [path.join(folder, "home"), { HOME: folder }];
    createHome(root, environment, { owner: "Ada", timeZone: "Europe/Berlin" });
    await encryptHome(root, environment, "correct horse battery");
  }
  // So long ago that no undo reaches it.
  const home = await open(folder, testClock("2026-01-02T09:00:00Z"));
  await home.own("grant.give", { principal: "agent:mail", skill: "outbox.append" });
  await home.own("memory.capture", { text: "The boiler was repaired" });
  await home.own("task.add", { title: "Call the plumber" });
  await home.own("config.set", { name: "owner", value: "Ada Lovelace" });
  const { id } = await home.own("memory.prefer", { text: "Tea without sugar" });
  const state = await stateOf(home);
  const records = home.host.committed;
  await home.close();
  return { folder, before: { state, records, notes: [id] } };
}

interface Parts {
  dice: Dice;
  before: Before;
  checker: HomeChecker;
  /** What happens, line by line. */
  story: string[];
}

async function runIn(folder: string, { dice, before, checker, story }: Parts): Promise<void> {
  const clock = testClock("2026-03-02T09:00:00Z");
  using disk = new FaultyDisk(folder, dice, story);
  const events = await commandsOn({ disk, dice, folder, clock, story, before });
  while (dice.chance(0.3)) await crashWhileOpening(disk, dice, folder, clock, story);
  const isExamined = dice.chance(examinedShare);
  if (isExamined && lookAtLog(path.join(folder, "home"), { HOME: folder }))
    throw new Error("The log is to be repaired by its owner.");
  const unheard = await withoutWarnings(async () => {
    await using home = await open(folder, clock);
    if (isExamined) await examine(home);
    await look(home, events, { before, checker, story });
  });
  if (unheard.length > 0) throw new Error(`On a sound disk there was a warning: ${unheard.join("; ")}`);
}

/** A crash leaves nothing that its owner has to see to. */
async function examine(home: TestHost): Promise<void> {
  const { findings } = await home.own("home.check", {});
  const bad = findings.filter(({ level }) => level === "bad");
  if (bad.length > 0) throw new Error(`The doctor: ${JSON.stringify(bad)}`);
}

interface Running {
  disk: FaultyDisk;
  dice: Dice;
  folder: string;
  clock: TestClock;
  story: string[];
  before: Before;
}

/** Gives commands, some of them at once, until there were enough or all is over. */
async function commandsOn({ disk, dice, folder, clock, story, before }: Running): Promise<Event[]> {
  const given: Given[] = [];
  const events: Event[] = [];
  const known: Known = { ...nothingKnown(), notes: [...before.notes] };
  await using home = await open(folder, clock);
  disk.plan(troubles(dice), endOf(dice));
  while (given.length < commandsPerRun && !disk.isOver) {
    const together = dice.chance(0.3) ? 2 + dice.below(2) : 1;
    const now = Array.from({ length: together }, (_, n) => toGive(dice, `${given.length + n}`, given.length, known));
    given.push(...now);
    events.push(...now);
    story.push(...now.map(({ name, command }) => `${name} ${JSON.stringify(command.args)}`));
    await Promise.all(now.map((each) => give(home, disk, known, each)));
    story.push(...now.map(({ name, told }) => `${name} ${told ? summary(told) : "no answer"}`));
    // What a hand and a command that is half taken back write at the same place is nobody's promise.
    const edit = dice.chance(0.2) && disk.failed === 0 && !disk.isOver && editByHand(home, disk, dice, known);
    if (edit) {
      story.push(`by hand ${edit.key} ${edit.says}`);
      events.push(edit);
      if (dice.chance(0.7)) await home.host.takeHandEdits().catch(() => undefined);
    }
    clock.forward(1000);
  }
  // It may be closed in order, on a disk that is not.
  if (dice.chance(0.2)) await closeQuietly(home);
  disk.stop(dice.pick(["kill", "power"]));
  await closeQuietly(home);
  disk.restart();
  return events;
}

const editByHand = (home: TestHost, disk: FaultyDisk, dice: Dice, { notes }: Known): HandEdit | undefined =>
  dice.chance(0.7) ? editNote(home, disk, dice.pick(notes)) : editPersona(home, disk, dice.pick(["values", "persona"]));

/** Recovery may be cut off, too, and what comes after it. */
async function crashWhileOpening(
  disk: FaultyDisk,
  dice: Dice,
  folder: string,
  clock: TestClock,
  story: string[],
): Promise<void> {
  const end: End = { after: dice.below(30), how: dice.pick(["kill", "power"]), isTorn: dice.chance(0.3) };
  story.push("opened again");
  disk.plan([], end);
  await withoutWarnings(async () => {
    const home = await open(folder, clock).catch(() => undefined);
    disk.stop(end.how);
    await home?.close().catch(() => undefined);
  });
  disk.restart();
  story.push("opened once more");
}

function troubles(dice: Dice): Trouble[] {
  return Array.from({ length: 1 + dice.below(3) }, () => ({
    after: dice.below(callsPerRun),
    code: dice.pick(["EIO", "ENOSPC"] as const),
    when: dice.pick(["before", "after", "half"] as const),
    calls: dice.pick([1, 1, 1, 2, 3, 10, 1000]),
  }));
}

const endOf = (dice: Dice): End | undefined =>
  dice.chance(0.8)
    ? { after: dice.below(callsPerRun), how: dice.pick(["kill", "power"] as const), isTorn: dice.chance(0.3) }
    : undefined;

function toGive(dice: Dice, n: string, batch: number, known: Known): Given {
  const planned = nextCommand(dice, n, known);
  const { skill, args, principal = "owner", task } = planned;
  const id = `01a00000-0000-7000-8000-0000000000${n.padStart(2, "0")}`;
  return {
    ...{ planned, batch, told: undefined, name: `${n} ${skill}` },
    command: { id, principal: principal as Principal, skill, args, ...(task && { task }) },
  };
}

async function give(home: TestHost, disk: FaultyDisk, known: Known, each: Given): Promise<void> {
  const told = await home.host.act(each.command).catch((error: unknown) => {
    if (!disk.isOver) throw error;
  });
  // A caller of a process that is gone gets no answer.
  if (disk.isOver || !told) return;
  each.told = told;
  await learn(home, known, each);
}

const summary = (told: Outcome): string =>
  told.status === "failed" ? `failed: ${told.fault.code} ${told.fault.message}` : told.status;

/** What is done outside lies on no disk of ours. */
const outboxOf = (folder: string): string => `${folder}-outbox`;

const open = (folder: string, clock: TestClock): Promise<TestHost> =>
  makeHost({
    root: path.join(folder, "home"),
    environment: { HOME: folder },
    outbox: outboxOf(folder),
    declared,
    clock,
  });

import * as fs from "node:fs";
import * as path from "node:path";
import type { JournalRecord } from "@mh/contract/values/record.ts";
import { inspect } from "@mh/host/audit/inspect.ts";
import { lookAtLog, repairLog } from "@mh/host/home/repair-log.ts";
import { keyFolder } from "@mh/host/places.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect } from "vitest";
import { filesBelow } from "./files-below.ts";

/** The last file of a closed home's log, and its lines. */
export function lastDay(home: TestHost) {
  const log = filesBelow(home.file("logs/audit")).at(-1) as string;
  const lines = fs.readFileSync(log, "utf8").trimEnd().split("\n");
  return { log, lines, write: (changed: readonly string[]) => fs.writeFileSync(log, `${changed.join("\n")}\n`) };
}

export const witnessOf = (home: TestHost): string =>
  path.join(keyFolder(inspect(home.root, home.environment).home.id, home.environment), "witness");

const forgetIndex = (home: TestHost): void => fs.rmSync(home.file("memory/index"), { recursive: true, force: true });

export const verified = (home: TestHost) => inspect(home.root, home.environment).verify({});

/** Tells a home a few notes, and leaves it open; gives the ids of the commands. */
export async function logged(words: readonly string[], home?: TestHost) {
  const made = home ?? (await makeHost());
  const done: string[] = [];
  for (const text of words) {
    made.clock.forward(1000);
    done.push((await made.act("owner", "memory.capture", { text })).id);
  }
  await made.own("journal.checkpoint", {});
  return { home: made, done };
}

/**
 * A closed home whose log two writers continued from the same record, each not knowing of the other: their lines stand there
 * as they came, in one file, as do the lines of the memory. `work` is done by one after the other.
 */
export async function forkedHome(home: TestHost, work: readonly (() => Promise<void>)[]): Promise<void> {
  await home.close();
  const folders = ["logs/audit", "memory/episodic", "run"];
  const before = saved(home, folders);
  const written: string[][] = [];
  const memory = new Map<string, string>();
  const base = lastDay(home).lines.length;
  for (const each of work) {
    restored(home, folders, before);
    forgetIndex(home);
    fs.rmSync(witnessOf(home));
    await home.reopen();
    await each();
    await home.close();
    written.push(lastDay(home).lines.slice(base));
    for (const file of filesBelow(home.file("memory/episodic"))) {
      const known = before.get(file) ?? "";
      const text = fs.readFileSync(file, "utf8");
      memory.set(file, (memory.get(file) ?? known) + text.slice(known.length));
    }
  }
  restored(home, folders, before);
  for (const [file, text] of memory) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const { lines, write } = lastDay(home);
  const longest = Math.max(...written.map(({ length }) => length));
  const woven = Array.from({ length: longest }, (_, n) => written.flatMap((each) => each[n] ?? [])).flat();
  write([...lines, ...woven]);
  forgetIndex(home);
}

export const recordOf = (line: string | undefined) => JSON.parse(line ?? "") as JournalRecord;

/** Looks, as its owner does, and says yes. */
export async function repair(home: TestHost, { isSealed = false } = {}) {
  const plan = lookAtLog(home.root, home.environment);
  if (!plan) throw new Error("There is nothing to repair.");
  const before = filesBelow(home.file("logs/audit")).map((file) => fs.readFileSync(file, "latin1"));
  const done = await repairLog(home.root, home.environment, plan.fingerprint);
  const kept = filesBelow(home.file(String(done.kept))).map((file) => fs.readFileSync(file, "latin1"));
  if (!isSealed) expect(kept).toEqual(before);
  return { plan, done };
}

export const textsOf = async (home: TestHost) =>
  (await home.own("memory.list", {})).memories.map(({ content }) => content).sort();

/** A home with three days of a log, still open; each day has notes of its own. */
export async function threeDays() {
  const home = await makeHost();
  const done: Record<string, string[]> = {};
  for (const day of ["02", "03", "04"]) {
    home.clock.set(`2026-03-${day}T09:00:00Z`);
    done[day] = (await logged([`one of ${day}`, `two of ${day}`], home)).done;
  }
  return { home, done };
}

export const dayFile = (home: TestHost, day: string) => home.file(`logs/audit/2026-03-${day}.ndjson`);

/** Writes a day of the log anew. */
export function change(home: TestHost, day: string, how: (lines: string[]) => string[]): void {
  const file = dayFile(home, day);
  fs.writeFileSync(
    file,
    how(fs.readFileSync(file, "utf8").trimEnd().split("\n"))
      .map((line) => `${line}\n`)
      .join(""),
  );
}

function saved(home: TestHost, folders: readonly string[]): Map<string, string> {
  const files = folders.flatMap((folder) => filesBelow(home.file(folder)));
  return new Map(files.map((file) => [file, fs.readFileSync(file, "latin1")]));
}

function restored(home: TestHost, folders: readonly string[], files: ReadonlyMap<string, string>): void {
  for (const file of folders.flatMap((folder) => filesBelow(home.file(folder)))) fs.rmSync(file);
  for (const [file, text] of files) fs.writeFileSync(file, text, "latin1");
}

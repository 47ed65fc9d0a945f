import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { type Described, describeAll, type Value } from "@mh/cli/describe.ts";
import { homeFileKinds } from "@mh/core/model/home-files.ts";
import { expect, inject, test } from "vitest";
import { diceFrom } from "../fuzz/dice.ts";
import { noHome } from "../support/no-home.ts";
import { rawWords } from "../support/raw-words.ts";
import { type Ended, type Mh, mhWithHome } from "./mh.ts";

/** What may stand where a file or a folder is meant, made at a path. What is opened and read may never end. */
const things: Readonly<Record<string, (at: string) => void>> = {
  "a folder": (at) => fs.mkdirSync(at),
  "a link in a circle": (at) => fs.symlinkSync(path.basename(at), at),
  "a link to nothing": (at) => fs.symlinkSync("nothing-there", at),
  "a pipe": (at) => make("mkfifo", at),
  ...((process.getuid?.() === 0 || process.env.CI) && { "a device": (at: string) => make("mknod", at, "c", "1", "3") }),
  "a file": (at) => fs.writeFileSync(at, "no such thing"),
};

function make(name: string, ...args: string[]): void {
  if (spawnSync(name, args).status !== 0) throw new Error(`${name} ${args.join(" ")} failed`);
}

/** Paths that lead to no place at all. */
const nowhere: Readonly<Record<string, (at: string) => string>> = {
  "a path below a file": (at) => {
    fs.writeFileSync(at, "a file");
    return path.join(at, "below");
  },
  "a name of 300 bytes": (at) => path.join(path.dirname(at), "x".repeat(300)),
  "a path of 5000 bytes": (at) => path.join(path.dirname(at), ...Array.from({ length: 50 }, () => "x".repeat(100))),
  "a path that is not there": (at) => path.join(at, "not", "there"),
};

/** Others at each run; all of them with `MH_WRONG_PATHS=all`. */
const sample = <T>(from: readonly T[], most: number): T[] => {
  if (process.env.MH_WRONG_PATHS === "all") return [...from];
  const dice = diceFrom(inject("seed"));
  return from.filter(() => dice.below(from.length) < most);
};

test("R-17 every command that is given a path to something else says so in words, with a next step", async () => {
  using mh = mhWithHome();
  const folder = path.dirname(mh.root);
  const invocations = await takingPaths();
  expect(invocations.length).toBeGreaterThan(15);
  const places = Object.entries({ ...things, ...nowhere }).map(([kind, make], n): [string, string] => {
    const at = path.join(folder, `place-${n}`);
    return [kind, make(at) ?? at];
  });
  const wrong: unknown[] = [];
  const all = invocations.flatMap((words) => places.map(([kind, at]) => ({ kind, words: words(at) })));
  for (const { kind, words } of sample(all, 60)) {
    // Some read what is typed, and some of what stands there has no end: each is a process.
    const bad = wrongWith(await mh.start(words));
    if (bad) wrong.push([kind, words.join(" ").slice(0, 200), bad]);
  }
  expect(wrong).toEqual([]);
});

const looking = [["status"], ["capture", "Tea"], ["memory", "list"], ["audit", "verify"], ["doctor"], ["undo"]];

test("R-17 a home with something else in the place of one of its files says so in words, or goes on", async () => {
  using made = mhWithHome();
  fillHome(made);
  const kept = path.join(path.dirname(made.root), "kept");
  make("cp", "-a", made.root, kept);
  const wrong: unknown[] = [];
  const all = homeFiles(kept).flatMap((file) => Object.keys(things).map((kind) => ({ file, kind })));
  expect(all.length).toBeGreaterThan(60);
  for (const { file, kind } of sample(all, 20)) {
    fs.rmSync(made.root, { recursive: true });
    make("cp", "-a", kept, made.root);
    const at = path.join(made.root, file);
    fs.rmSync(at, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(at), { recursive: true });
    things[kind]?.(at);
    for (const words of looking) {
      const ended = kind === "a pipe" ? await made.start(words) : await made.here(words);
      const bad = wrongWith(ended);
      if (bad) wrong.push([file, kind, words.join(" "), bad]);
    }
  }
  expect(wrong).toEqual([]);
});

function wrongWith({ code, out, err }: Ended): string | undefined {
  const raw = rawWords.exec(out + err);
  if (raw) return `“${raw[0]}” in ${(out + err).slice(0, 400)}`;
  return code !== 0 && err.trim() === "" && out.trim() === "" ? `${code} without a word` : undefined;
}

/** A home in which there is a file of each usual kind. */
function fillHome(mh: Mh): void {
  for (const words of [
    ["capture", "Tea with Sarah"],
    ["memory", "prefer", "Tea without sugar"],
    ["task", "add", "Call the plumber"],
    ["snapshot", "create", "before"],
    ["memory", "fact", "Sarah", "lives-in", "Lisbon"],
  ])
    expect([words, mh.run(words).code]).toEqual([words, 0]);
}

/** Files and folders of a home, and what might be there; one of each kind. */
function homeFiles(root: string): string[] {
  const found = fs.readdirSync(root, { recursive: true, withFileTypes: true });
  const names = found.map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  const kindOf = (name: string) => homeFileKinds.findIndex((kind) => kind.path.test(name));
  const seen = new Set<string>();
  const few = names.sort().filter((name) => {
    const key = `${kindOf(name)} ${path.dirname(name)} ${path.extname(name)}`;
    return !seen.has(key) && seen.add(key);
  });
  const folders = ["memory", "logs", "logs/audit", "logs/objects", "persona", "run", "memory/index", "memory/episodic"];
  return [...new Set([...few, ...folders, ...homeFileKinds.map(({ example }) => example)])];
}

/** Every way of the CLI's own table to give a path, with one word for whatever else is needed. */
async function takingPaths(): Promise<((at: string) => string[])[]> {
  const all: Described[] = [];
  const walk = (each: Described) => {
    all.push(each);
    each.subs.forEach(walk);
  };
  (await describeAll(noHome({ json: false }))).forEach(walk);
  return all.flatMap(({ path: words, args, options }) => {
    const plain = args.map(({ value }) => wordFor(value));
    const byArgument = args.flatMap(({ value }, n) =>
      value.kind === "file" ? [(at: string) => [...words.split(" "), ...plain.with(n, at)]] : [],
    );
    const byOption = options.flatMap(({ flags, value }) =>
      value?.kind === "file" ? [(at: string) => [...words.split(" "), ...plain, flags.at(-1) ?? "", at]] : [],
    );
    return [...byArgument, ...byOption];
  });
}

const wordFor = (value: Value): string => (value.kind === "words" ? (value.words[0] ?? "x") : "x");

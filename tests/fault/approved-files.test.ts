import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { agent } from "@mh/contract/values/principal.ts";
import { sandboxExecutor } from "@mh/host/sandbox/executor.ts";
import { latePrograms } from "@mh/host/wiring/late-programs.ts";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";
import { makePlace } from "../support/make-place.ts";

const isMissing = spawnSync("bwrap", ["--version"]).error !== undefined;
const sandboxed = test.skipIf(isMissing && !process.env.CI);
const runner = agent("runner");

async function asked(home: TestHost, args: { argv: string[]; cwd: string }) {
  await home.own("grant.give", { principal: runner, skill: "shell.run" });
  await home.own("trust.set", { principal: runner, level: "adaptive_auto" });
  const outcome = await home.act(runner, "shell.run", args);
  expect(outcome.status).toBe("parked");
  return home.own("approval.show", { id: outcome.id });
}

async function approve(home: TestHost, { approval, hash }: { approval: { id: string }; hash: string }) {
  return home.approve(approval.id, hash).catch((error: Error) => error.message);
}

const changed = (what: string) => expect.stringMatching(new RegExp(`approval.changed.*${what}`));

// Each names `x` (or what stands for it) in another way; what is changed between the request and the answer.
const ways: { argv: string[]; file: string }[] = [
  { argv: ["bash", "x"], file: "x" },
  { argv: ["bash", "./x"], file: "x" },
  { argv: ["bash", "sub/../x"], file: "x" },
  { argv: ["python3", "tool", "--file=x"], file: "x" },
  { argv: ["python3", "tool", "-fx"], file: "x" },
  { argv: ["python3", "tool", "@x"], file: "x" },
  { argv: ["python3", "tool", "data=@x"], file: "x" },
  { argv: ["python3", "tool", "a:x"], file: "x" },
  { argv: ["python3", "sub/mod"], file: "sub/mod.py" },
  { argv: ["find", ".", "-newer", "x"], file: "x" },
  { argv: ["node", "build"], file: "build.js" },
  { argv: ["node", "sub"], file: "sub/index.js" },
  { argv: ["python3", "tool", "sub"], file: "sub/deep/leaf" },
  { argv: ["make", "all"], file: "Makefile" },
  { argv: ["git", "commit"], file: ".git/hooks/pre-commit" },
  { argv: ["cat", "x"], file: "x" },
];

function filled() {
  const place = makePlace();
  fs.mkdirSync(place.at("sub/deep"), { recursive: true });
  fs.mkdirSync(place.at(".git/hooks"), { recursive: true });
  return place;
}

test.for(ways)("S13 $argv: $file changed between request and answer is refused by name", async ({ argv, file }) => {
  await using home = await makeHost();
  using place = filled();
  fs.writeFileSync(place.at(file), "echo good\n");
  const view = await asked(home, { argv, cwd: place.folder });
  expect(view.command?.pins?.length).toBeGreaterThan(0);
  fs.writeFileSync(place.at(file), "echo evil\n");
  expect(await approve(home, view)).toEqual(changed(place.folder));
});

test("S13 what was not there when it was asked, a link led elsewhere, and an exchanged folder are changes, too", async () => {
  await using home = await makeHost();
  using place = filled();
  const cwd = place.folder;
  const late = await asked(home, { argv: ["node", "build"], cwd });
  fs.writeFileSync(place.at("build.js"), "");
  expect(await approve(home, late)).toEqual(changed("build.js"));
  for (const name of ["a", "b"]) fs.writeFileSync(place.at(name), name);
  fs.symlinkSync("a", place.at("link"));
  const linked = await asked(home, { argv: ["bash", "link"], cwd });
  fs.rmSync(place.at("link"));
  fs.symlinkSync("b", place.at("link"));
  expect(await approve(home, linked)).toEqual(changed("link"));
});

test("S13 the request shows name, size, hash and beginning, and what it does not hold", async () => {
  await using home = await makeHost();
  using place = filled();
  fs.writeFileSync(place.at("x"), "#!/bin/sh\necho good\n");
  const { command } = await asked(home, { argv: ["bash", "x"], cwd: place.folder });
  expect(command?.pins).toEqual([
    { argument: "argv[1]", what: place.at("x"), bytes: 20, hash: expect.any(String), shows: "#!/bin/sh\necho good" },
  ]);
  expect(command?.unpinned).toEqual([expect.stringContaining("only what the arguments name is held fast")]);
});

sandboxed("S13 what was approved runs where nothing changed, and may write beside it", async () => {
  await using home = await makeHost();
  using place = filled();
  fs.writeFileSync(place.at("x"), "echo good; echo out > out; echo worse >> x");
  const view = await asked(home, { argv: ["bash", "x"], cwd: place.folder });
  expect(await approve(home, view)).toMatchObject({ status: "done", value: { stdout: "good\n" } });
  expect(fs.readFileSync(place.at("out"), "utf8")).toBe("out\n");
  expect(fs.readFileSync(place.at("x"), "utf8")).not.toContain("worse\n");
  fs.writeFileSync(place.at("old"), "");
  const removal = await asked(home, { argv: ["rm", "old"], cwd: place.folder });
  expect(await approve(home, removal)).toMatchObject({ status: "done", value: { exitCode: 0 } });
  expect(fs.existsSync(place.at("old"))).toBe(false);
});

sandboxed("S13 a file changed after the answer, before the program begins, does not run", async () => {
  using place = filled();
  fs.writeFileSync(place.at("x"), "echo good");
  fs.writeFileSync(place.at("data"), "good");
  const programs = latePrograms(sandboxExecutor(), () => []);
  const named = ["x", "data"].map((name, n) => ({ argument: `argv[${n + 1}]`, path: place.at(name) }));
  const { pins } = await programs.pin(place.folder, named);
  const run = {
    ...{ program: "/usr/bin/bash", args: ["x", "data"], folder: place.folder, timeoutMs: 60_000, outputBytesMax: 100 },
    ...{ approved: { named, pins, holdsFirst: true }, signal: new AbortController().signal },
  };
  expect(await programs.run(run)).toMatchObject({ stdout: "good\n" });
  for (const [name, good] of [
    ["x", "echo good"],
    ["data", "good"],
  ] as const) {
    fs.writeFileSync(place.at(name), "echo evil");
    await expect(programs.run(run)).rejects.toMatchObject({ code: "approval.changed" });
    fs.writeFileSync(place.at(name), good);
  }
});

test("S13 a request is on one screen, what may do harm first, and a file's own text plays no tricks in it", async () => {
  await using home = await makeHost();
  using place = filled();
  const hostile = `echo\u{e0141}\ufe00 hi  there\u202e\u001b[2J${"\u00a0".repeat(3)}\n`.repeat(40);
  fs.writeFileSync(place.at("x"), hostile);
  const { shown } = await asked(home, { argv: ["bash", "x"], cwd: place.folder });
  expect(shown.map(({ label }) => label).filter((label) => label !== "not yours")).toEqual([
    ...["careful", "asked by", "why asked", "argument argv", "argument cwd", "held fast", "not held", "left", "undo"],
  ]);
  const text = shown.map((each) => `${each.label} ${each.text}`).join("\n");
  expect(text.split("\n").length).toBeLessThan(24);
  expect(text).not.toMatch(/[\p{DI}\p{Zs}\p{Cc}](?<![ \n])/u);
  expect(text).toContain("echo[U+E0141][U+FE00] hi[U+0020 ×2]there[U+202E][U+001B][2J[U+00A0][U+00A0][U+00A0]");
});

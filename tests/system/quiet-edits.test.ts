import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { makeHost, type TestHost } from "@mh/testing";
import { expect, test } from "vitest";

/** Puts other letters in a file's place, as many, and its times back: nothing but its text and the time of the change tell. */
function editQuietly(file: string, from: string, to: string): void {
  expect(Buffer.byteLength(to)).toBe(Buffer.byteLength(from));
  const before = fs.statSync(file, { bigint: true });
  const copy = `${file}.as-it-was`;
  execFileSync("cp", ["-p", file, copy]);
  const at = fs.readFileSync(file).indexOf(from);
  expect(at).toBeGreaterThan(-1);
  const fd = fs.openSync(file, "r+");
  fs.writeSync(fd, Buffer.from(to), 0, undefined, at);
  fs.closeSync(fd);
  // Node's own times have no nanoseconds.
  execFileSync("touch", ["-r", copy, file]);
  fs.rmSync(copy);
  const after = fs.statSync(file, { bigint: true });
  expect([after.size, after.ino, after.mtimeNs]).toEqual([before.size, before.ino, before.mtimeNs]);
}

/** The file below a folder that says something. */
function fileWith(home: TestHost, folder: string, words: string): string {
  const names = fs.readdirSync(home.file(folder), { recursive: true }).map(String);
  const name = names.find((each) => {
    const file = home.file(path.join(folder, each));
    return /\.(?:ndjson|md)$/.test(each) && fs.readFileSync(file, "utf8").includes(words);
  });
  if (name === undefined) throw new Error(`nothing in ${folder} says ${words}`);
  return home.file(path.join(folder, name));
}

const kept = {
  "a line": (home: TestHost) => home.own("memory.capture", { text: "The code of the gate is 1234" }),
  "a note": (home: TestHost) => home.own("memory.prefer", { text: "The code of the gate is 1234" }),
  "a task": (home: TestHost) => home.own("task.add", { title: "The code of the gate is 1234" }),
} as const;

for (const [what, keep] of Object.entries(kept)) {
  test(`R-7 ${what} that was changed while nothing ran, with its length and its times as before, is a change by hand`, async () => {
    await using home = await makeHost();
    await keep(home);
    await home.close();
    editQuietly(fileWith(home, "memory", "1234"), "1234", "9999");
    await home.reopen();
    const { handEdits, documents } = home.host.report.memories;
    expect(handEdits.length + documents.adopted.length).toBe(1);
    const { records } = await home.own("audit.tail", { limit: 20 });
    expect(records.some(({ principal }) => principal === "file")).toBe(true);
  });
}

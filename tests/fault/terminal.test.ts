import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { makeMh, mhWithHome } from "./mh.ts";

/** What the built CLI shows on a terminal of 80 × 24 of its own; `script` makes one. */
function onTerminal(mh: ReturnType<typeof makeMh>, line: string, env: Record<string, string> = {}): string {
  const whole = `stty rows 24 cols 80; ${process.execPath} dist/mh.js --home ${mh.root} ${line}`;
  const { stdout } = spawnSync("script", ["-qec", whole, "/dev/null"], {
    cwd: `${import.meta.dirname}/../..`,
    env: { PATH: process.env.PATH, HOME: mh.config, TERM: "xterm", ...env },
    encoding: "utf8",
    input: "",
  });
  return stdout.replaceAll("\r\n", "\n");
}

const marking = { MH_PAGER: "sed 's/^/| /'" };

test("a result longer than the screen goes to the pager, a shorter one does not", () => {
  using mh = mhWithHome();
  const notes = Array.from({ length: 40 }, (_, n) => JSON.stringify({ content: `note ${n} of the garden` }));
  mh.run(["capture", "-"], { input: "First" });
  for (const note of notes.slice(0, 3)) mh.run(["act", "memory.capture", note.replace("content", "text")]);
  expect(onTerminal(mh, "memory list", marking)).not.toContain("| ");
  const file = path.join(mh.config, "notes.ndjson");
  fs.writeFileSync(file, notes.join("\n"));
  mh.run(["import", file]);

  const paged = onTerminal(mh, "memory list -n 40", marking).trim().split("\n");
  expect(paged.filter((line) => line.startsWith("| ")).length).toBe(paged.length);
  expect(onTerminal(mh, "memory list -n 40 --no-pager", marking)).not.toContain("| ");
  expect(onTerminal(mh, "memory list -n 40 --json", marking)).not.toContain("| ");
  expect(onTerminal(mh, "help", marking)).toContain("| Usage: mh COMMAND");
  // A pager that is not there costs the paging, not the result.
  expect(onTerminal(mh, "memory list -n 40", { MH_PAGER: "no-such-pager" })).toContain("note 1 of the garden");
  // One that is left early is no failure.
  expect(onTerminal(mh, "memory list -n 40; echo code $?", { MH_PAGER: "head -n 1" })).toContain("code 0");
});

test("colours are for terminals that can show them, and for whoever asks", () => {
  using mh = makeMh();
  mh.run(["capture", "Met with Sarah"]);
  const hasColor = (env: Record<string, string>) => onTerminal(mh, "audit tail", env).includes("\u001b[");
  expect([hasColor({}), hasColor({ NO_COLOR: "1" }), hasColor({ TERM: "dumb" })]).toEqual([true, false, false]);
  expect(hasColor({ NO_COLOR: "1", FORCE_COLOR: "1" })).toBe(true);
  expect(mh.run(["audit", "tail"]).out).not.toContain("\u001b");
});

test("no line is wider than the terminal", () => {
  using mh = makeMh();
  mh.run(["tour"]);
  for (const line of [
    "help",
    "status",
    "memory list",
    "audit tail",
    "policy list",
    "doctor",
    "search Sarah",
    "why 1",
  ]) {
    const shown = onTerminal(mh, `${line} --no-pager`, { NO_COLOR: "1" });
    const wide = shown
      .split("\n")
      .filter((each) => each.length > 80 && !each.includes(mh.root) && !each.includes(mh.config));
    expect([line, wide]).toEqual([line, []]);
  }
});
